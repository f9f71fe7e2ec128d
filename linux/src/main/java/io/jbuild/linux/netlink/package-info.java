/**
 * The kernel's network configuration by netlink: interfaces, addresses, routes and queueing ({@link
 * io.jbuild.linux.netlink.RouteSocket}), tables of the packet filter ({@link
 * io.jbuild.linux.netlink.FilterSocket}), both over {@link io.jbuild.linux.netlink.NetlinkSocket}.
 *
 * <p>The rule: a socket speaks of the network namespace that it was made in, whoever holds it; a
 * request that fails is a {@code LinuxException} with the request in words and the kernel's own.
 */
@NullMarked
package io.jbuild.linux.netlink;

import org.jspecify.annotations.NullMarked;

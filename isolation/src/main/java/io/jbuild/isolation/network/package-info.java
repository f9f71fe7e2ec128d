/**
 * Networks of sandboxes: an interface, an address, the way out, name servers. Start from {@link
 * io.jbuild.isolation.network.PrivateNetworks}, which finds out what this machine can give.
 *
 * <p>The rule: nothing is left to clean up. Interfaces go with the sandbox's namespace, the packet
 * filter's table with this process, and an address is taken for as long as its interface is there.
 */
@NullMarked
package io.jbuild.isolation.network;

import org.jspecify.annotations.NullMarked;

/**
 * Mounts as plain data ({@link io.jbuild.linux.mount.Mount}, {@link
 * io.jbuild.linux.mount.MountPoint}) and the kernel's descriptor-based mount calls ({@link
 * io.jbuild.linux.mount.MountApi}).
 *
 * <p>The rule: whoever decides on a mount makes data, whoever performs it reads data, and they need
 * not know each other. What is mounted by descriptor vanishes when the descriptor is closed.
 */
@NullMarked
package io.jbuild.linux.mount;

import org.jspecify.annotations.NullMarked;

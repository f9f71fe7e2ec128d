/**
 * The one door to the kernel: open directories ({@link io.jbuild.linux.Dir}, {@link
 * io.jbuild.linux.KernelDir}), names as bytes ({@link io.jbuild.linux.Name}, {@link
 * io.jbuild.linux.TreePath}), locks, processes and pipes. Start from {@code KernelDir} and {@code
 * LinuxException}.
 *
 * <p>The rule: an operation names one component below an open descriptor and never follows a
 * symlink; every descriptor is opened close-on-exec; a failed call becomes a {@code LinuxException}
 * that names the call, its operands and the errno.
 */
@NullMarked
package io.jbuild.linux;

import org.jspecify.annotations.NullMarked;

/**
 * Raw system calls for the packages of this module, and for nobody else: numbers in, the kernel's
 * own result out ({@code >= 0}, or minus the errno). Start from {@link
 * io.jbuild.linux.syscall.Kernel} and {@link io.jbuild.linux.syscall.Scratch}.
 *
 * <p>The rule: native code is loaded by the first call, not before; nothing here knows a meaning.
 */
@NullMarked
package io.jbuild.linux.syscall;

import org.jspecify.annotations.NullMarked;

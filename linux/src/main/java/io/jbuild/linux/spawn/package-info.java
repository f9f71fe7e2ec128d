/**
 * Starts a process whose set-up runs between clone and exec, where no Java can run: Java writes a
 * {@link io.jbuild.linux.spawn.Program} of system calls, a native function of some 260 bytes walks
 * it in the child. Start with {@code Program} and {@link io.jbuild.linux.spawn.Spawn}; what a
 * hostile root finds behind {@code /proc/self/exe} is a {@link io.jbuild.linux.spawn.Starter}.
 *
 * <p>The rule: this package knows how to run a program, not what a sandbox is. Nothing here decides
 * policy, and no Java thread changes a namespace, a root or a credential of its own.
 */
@NullMarked
package io.jbuild.linux.spawn;

import org.jspecify.annotations.NullMarked;

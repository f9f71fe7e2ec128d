/**
 * The system call filter: a table of who may call what ({@code calls.txt}), compiled to a seccomp
 * program by {@link io.jbuild.isolation.seccomp.CallFilter}.
 *
 * <p>The rule: what is not known to be harmless is refused, with EPERM where the call is known and
 * with ENOSYS where it is newer than the table.
 */
@NullMarked
package io.jbuild.isolation.seccomp;

import org.jspecify.annotations.NullMarked;

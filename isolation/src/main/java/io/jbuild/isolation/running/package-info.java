/**
 * What runs: the sandboxes of all jbuild processes that share a runtime directory ({@link
 * io.jbuild.isolation.running.RunningSandboxes}), and the namespaces of all processes that can be
 * seen ({@link io.jbuild.isolation.running.NamespaceTable}).
 *
 * <p>The rule: a record says who is alive by the lock that its writer holds, never by its age or by
 * a process number, and one without a lock is swept by whoever meets it.
 */
@NullMarked
package io.jbuild.isolation.running;

import org.jspecify.annotations.NullMarked;

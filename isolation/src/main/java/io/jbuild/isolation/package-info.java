/**
 * The isolation core: runs one command in namespaces, a control group and a root file system of its
 * own, for a RUN step and for {@code jbuild run} alike. Start with {@link
 * io.jbuild.isolation.SandboxSpec} and {@link io.jbuild.isolation.IsolationCore}.
 *
 * <p>The rule: everything is decided as data before the child exists, sources are opened before it
 * starts, and closing a {@link io.jbuild.isolation.Sandbox} leaves no process, mount, control group
 * or mount point behind.
 */
@NullMarked
package io.jbuild.isolation;

import org.jspecify.annotations.NullMarked;

/**
 * Labels of the kernel's security modules. Start with {@link
 * io.jbuild.isolation.lsm.SecurityLabels}, what was asked for, and {@link
 * io.jbuild.isolation.lsm.SecurityModules}, what this machine has.
 *
 * <p>The rule: a label that was asked for and cannot be given is an error. Nothing is claimed that
 * is not there, and no profile or policy is loaded.
 */
@NullMarked
package io.jbuild.isolation.lsm;

import org.jspecify.annotations.NullMarked;

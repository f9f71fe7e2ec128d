/**
 * What a child does to itself before it becomes the command, as data: each {@link
 * io.jbuild.isolation.plan.SetupStep} knows how to become system calls, and {@link
 * io.jbuild.isolation.plan.Plan} puts them in order.
 *
 * <p>The rule: a step decides nothing. It gets numbers, names and open descriptors, and resolves
 * paths of the container below the container's root only.
 */
@NullMarked
package io.jbuild.isolation.plan;

import org.jspecify.annotations.NullMarked;

/**
 * Control groups of version 1, version 2 or both: one group per sandbox, below a parent of jbuild's
 * own. Start with {@link io.jbuild.isolation.cgroup.ControlGroups} and {@link
 * io.jbuild.isolation.cgroup.ControlGroup}; what differs between the versions is in {@code
 * Version}, and where groups can be made in {@code Hierarchy} and {@code UnifiedTree}.
 *
 * <p>The rule: no group is touched that was not made here, and each one made is written down,
 * before it is made, in a register whose lock tells whether its owner lives.
 */
@NullMarked
package io.jbuild.isolation.cgroup;

import org.jspecify.annotations.NullMarked;

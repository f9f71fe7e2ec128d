package io.jbuild.isolation;

import java.util.List;

/** The user namespace of a sandbox; id 0 has to be mapped, since the set-up runs as it. */
public record IdMappings(List<IdMapping> users, List<IdMapping> groups) {
  public IdMappings {
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    if (users.stream().noneMatch(m -> m.inside() == 0)
        || groups.stream().noneMatch(m -> m.inside() == 0)) {
      throw new IllegalArgumentException("id 0 is not mapped");
    }
  }
}

package io.jbuild.isolation.ladder;

import java.nio.file.Path;
import java.util.Optional;

/** A range of ids that a user may map, as {@code /etc/subuid} has it: {@code name:first:count}. */
record SubIds(long first, long count) {
  /** The largest of a user, who may be there by name or by number. */
  static Optional<SubIds> find(Path file, String name, long uid) {
    SubIds largest = null;
    for (String line : lines(file)) {
      String[] fields = line.split(":", -1);
      boolean own = fields[0].equals(name) || fields[0].equals(Long.toString(uid));
      Optional<SubIds> range = own ? parse(fields) : Optional.empty();
      if (range.isPresent() && (largest == null || range.get().count() > largest.count())) {
        largest = range.get();
      }
    }
    return Optional.ofNullable(largest);
  }

  /** The first id above all that are given away. */
  static long firstFree(Path file, long atLeast) {
    long free = atLeast;
    for (String line : lines(file)) {
      Optional<SubIds> range = parse(line.split(":", -1));
      if (range.isPresent()) {
        free = Math.max(free, range.get().first() + range.get().count());
      }
    }
    return free;
  }

  private static String[] lines(Path file) {
    return Surroundings.text(file).orElse("").split("\n", -1);
  }

  private static Optional<SubIds> parse(String[] fields) {
    try {
      return fields.length == 3 && Long.parseLong(fields[2]) > 0
          ? Optional.of(new SubIds(Long.parseLong(fields[1]), Long.parseLong(fields[2])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // newuidmap passes over such a line too
    }
  }

  @Override
  public String toString() {
    return count + " from " + first + " on";
  }
}

package io.jbuild.isolation.lsm;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What AppArmor and SELinux shall know a command by.
 *
 * @param appArmor a loaded profile, or {@value #UNCONFINED}; empty for a container profile that is
 *     loaded already, if there is one
 * @param selinux whether SELinux labels are given where the kernel has it
 * @param parts of the SELinux label instead of the policy's own
 */
public record SecurityLabels(
    Optional<String> appArmor, boolean selinux, SortedMap<Part, String> parts) {
  public static final String UNCONFINED = "unconfined";

  /** What the machine has for containers. */
  public static final SecurityLabels USUAL =
      new SecurityLabels(Optional.empty(), true, Collections.emptySortedMap());

  /** No labels but those of jbuild itself. */
  public static final SecurityLabels NONE =
      new SecurityLabels(Optional.of(UNCONFINED), false, Collections.emptySortedMap());

  /** The parts of a label that can be chosen: of the process, and the type of its files. */
  public enum Part {
    USER,
    ROLE,
    TYPE,
    LEVEL,
    FILETYPE
  }

  public SecurityLabels {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    appArmor.ifPresent(name -> require(isProfile(name), name));
    parts.values().forEach(text -> require(isPart(text), text));
  }

  private static void require(boolean good, String text) {
    if (!good) {
      throw new IllegalArgumentException("not a label: \"" + text + "\"");
    }
  }

  /** Whether an AppArmor profile can have this name. */
  public static boolean isProfile(String text) {
    return text.matches("[A-Za-z0-9_./][A-Za-z0-9_./:+-]{0,254}");
  }

  /** Whether this can be a part of a SELinux label. */
  public static boolean isPart(String text) {
    return text.matches("[A-Za-z0-9_][A-Za-z0-9_.:,-]{0,254}");
  }

  public SecurityLabels withAppArmor(String profile) {
    return new SecurityLabels(Optional.of(profile), selinux, parts);
  }

  public SecurityLabels withoutSelinux() {
    return new SecurityLabels(appArmor, false, Collections.emptySortedMap());
  }

  public SecurityLabels withPart(Part part, String text) {
    Map<Part, String> more = new EnumMap<>(Part.class);
    more.putAll(parts);
    more.put(part, text);
    return new SecurityLabels(appArmor, true, new TreeMap<>(more));
  }
}

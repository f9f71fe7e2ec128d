package io.jbuild.isolation.cdi;

import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A device that a file of the machine describes.
 *
 * @param name {@code vendor.com/class=name}
 * @param annotations the file's, and the device's over them
 * @param shared what every device of the file needs
 * @param own what this one needs besides
 */
public record Device(
    String name, SortedMap<String, String> annotations, Edits shared, Edits own, Path file) {
  private static final String CLASS = "org.mobyproject.buildkit.device.class";
  private static final String AUTO_ALLOW = "org.mobyproject.buildkit.device.autoallow";

  public Device {
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
  }

  public String kind() {
    return name.substring(0, name.indexOf('='));
  }

  /** Whether it answers to a name of the kind that no device has. */
  boolean isOfClass(String word) {
    return word.equals(annotations.get(CLASS));
  }

  /** Whether the administrator gives it to every build. */
  public boolean isFree() {
    String value = annotations.getOrDefault(AUTO_ALLOW, "");
    return value.equalsIgnoreCase("true") || value.equals("1") || value.equalsIgnoreCase("t");
  }
}

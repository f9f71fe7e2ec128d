package io.jbuild.builder;

import io.jbuild.isolation.cdi.DeviceRegistry;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which devices {@code RUN --device} may have, and where they are described.
 *
 * @param all whether every device is given
 * @param names those given, {@code vendor.com/class=name} or a whole {@code vendor.com/class}; the
 *     value is the name that the Buildfile has for it, or empty
 * @param specifications directories of the Container Device Interface's files
 */
public record DeviceAccess(
    boolean all, SortedMap<String, String> names, List<Path> specifications) {
  public DeviceAccess {
    names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    specifications = List.copyOf(specifications);
  }

  /** No device but those that their files give to everybody. */
  public static DeviceAccess none() {
    return new DeviceAccess(false, new TreeMap<>(), DeviceRegistry.DIRECTORIES);
  }

  public DeviceAccess withAll() {
    return new DeviceAccess(true, names, specifications);
  }

  public DeviceAccess with(String name, String alias) {
    SortedMap<String, String> more = new TreeMap<>(names);
    more.put(name, alias);
    return new DeviceAccess(all, more, specifications);
  }

  public DeviceAccess withSpecifications(List<Path> directories) {
    return new DeviceAccess(all, names, directories);
  }

  /** The device that is meant by a name of the Buildfile. */
  public String resolve(String name) {
    for (Map.Entry<String, String> each : names.entrySet()) {
      if (each.getValue().equals(name)) {
        return each.getKey();
      }
    }
    return name;
  }

  /** Whether a device is given, by its name or by its kind. */
  public boolean allows(String device, String kind) {
    return all || names.containsKey(device) || names.containsKey(kind);
  }
}

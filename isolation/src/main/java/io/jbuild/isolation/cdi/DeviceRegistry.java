package io.jbuild.isolation.cdi;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.json.Yaml;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The devices that files in some directories describe, {@code *.json} and {@code *.yaml}. */
public final class DeviceRegistry {
  /** Where administrators put their files, and where programs do that run at boot. */
  public static final List<Path> DIRECTORIES =
      List.of(Path.of("/etc/cdi"), Path.of("/var/run/cdi"));

  private final Map<String, Device> devices = new TreeMap<>();
  private final List<String> complaints = new ArrayList<>();

  private DeviceRegistry() {}

  /**
   * Reads all files.
   *
   * @param directories a device of a later one replaces that of an earlier one; those that are not
   *     there have none
   */
  public static DeviceRegistry read(List<Path> directories) throws IOException {
    DeviceRegistry registry = new DeviceRegistry();
    for (Path directory : directories) {
      registry.add(directory);
    }
    return registry;
  }

  private void add(Path directory) throws IOException {
    Map<String, Device> found = new TreeMap<>();
    Set<String> twice = new HashSet<>();
    for (Path file : files(directory)) {
      for (Device device : devices(file)) {
        Device other = found.put(device.name(), device);
        if (other != null) {
          twice.add(device.name());
          complaints.add(device.name() + " is in " + other.file() + " and in " + device.file());
        }
      }
    }
    found.keySet().removeAll(twice);
    devices.putAll(found);
  }

  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.{json,yaml}")) {
      all.forEach(files::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    files.removeIf(file -> !Files.isRegularFile(file));
    Collections.sort(files);
    return files;
  }

  private Collection<Device> devices(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Json.MAX_BYTES + 1);
      JsonValue document = file.toString().endsWith(".json") ? Json.read(bytes) : Yaml.read(bytes);
      return new SpecReader(file, document.asObject()).read();
    } catch (MalformedException e) {
      complaints.add(file + ": " + e.getMessage());
    } catch (IOException e) {
      complaints.add(file + " cannot be read: " + e.getMessage());
    }
    return List.of();
  }

  /** What is wrong with the files, a line each. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** The names of all devices, sorted. */
  public List<String> names() {
    return List.copyOf(devices.keySet());
  }

  /** The devices of a name, sorted by theirs; none when there is none. */
  public List<Device> find(DeviceName name) {
    List<Device> kind =
        devices.values().stream().filter(device -> device.kind().equals(name.kind())).toList();
    if (name.isAll()) {
      return kind;
    }
    if (name.isFirst()) {
      return kind.stream().limit(1).toList();
    }
    Device exact = devices.get(name.toString());
    return exact != null
        ? List.of(exact)
        : kind.stream().filter(device -> device.isOfClass(name.device())).toList();
  }
}

package io.jbuild.isolation.cdi;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileType;
import io.jbuild.oci.json.JsonArray;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the document of one file. */
final class SpecReader {
  private static final Set<String> POSSIBLE =
      Set.of("env", "deviceNodes", "mounts", "additionalGids");
  private static final long MAX_ID = Integer.MAX_VALUE;
  private static final int PERMISSIONS = 0777;

  private final Path file;
  private final JsonObject spec;

  SpecReader(Path file, JsonObject spec) {
    this.file = file;
    this.spec = spec;
  }

  List<Device> read() throws MalformedException {
    String version = spec.string("cdiVersion");
    if (!version.matches("v?[01]\\.[0-9]{1,3}\\.[0-9]{1,3}")) {
      throw new MalformedException("cdiVersion " + Printable.quote(version) + " is not known");
    }
    String kind = spec.string("kind");
    if (!DeviceName.isKind(kind)) {
      throw new MalformedException("kind " + Printable.quote(kind) + " is not vendor.com/class");
    }
    Edits shared = edits(spec);
    List<Device> devices = spec.list("devices", each -> device(kind, shared, each.asObject()));
    if (devices.isEmpty()) {
      throw new MalformedException("it has no devices");
    }
    return devices;
  }

  private Device device(String kind, Edits shared, JsonObject device) throws MalformedException {
    String name = device.string("name");
    if (!DeviceName.isDevice(name)) {
      throw new MalformedException("name " + Printable.quote(name) + " is not that of a device");
    }
    SortedMap<String, String> annotations = new TreeMap<>(spec.stringMap("annotations"));
    annotations.putAll(device.stringMap("annotations"));
    return new Device(kind + "=" + name, annotations, shared, edits(device), file);
  }

  private static Edits edits(JsonObject owner) throws MalformedException {
    return owner.optional("containerEdits", value -> read(value.asObject())).orElse(Edits.NONE);
  }

  private static Edits read(JsonObject edits) throws MalformedException {
    List<String> environment = edits.strings("env");
    for (String variable : environment) {
      if (variable.indexOf('=') <= 0 || variable.indexOf('\0') >= 0) {
        throw new MalformedException(Printable.quote(variable) + " is not NAME=value");
      }
    }
    return new Edits(
        environment,
        edits.list("deviceNodes", each -> node(each.asObject())),
        edits.list("mounts", each -> mount(each.asObject())),
        edits.list("additionalGids", each -> id(each.asLong())),
        impossible(edits));
  }

  private static List<String> impossible(JsonObject edits) {
    List<String> names = new ArrayList<>();
    for (String name : edits.fields().keySet()) {
      Optional<JsonValue> value = edits.find(name);
      boolean empty = value.isEmpty() || (value.get() instanceof JsonArray a && isEmpty(a));
      if (!POSSIBLE.contains(name) && !empty) {
        names.add(Printable.limit(name, 40));
      }
    }
    return names;
  }

  private static boolean isEmpty(JsonArray array) {
    return array.values().isEmpty();
  }

  private static Edits.Node node(JsonObject node) throws MalformedException {
    String path = path(node, "path");
    Optional<FileType> type = type(node.stringOrEmpty("type"));
    return new Edits.Node(
        path,
        Path.of(node.find("hostPath").isPresent() ? path(node, "hostPath") : path),
        type,
        number(node),
        permissions(node),
        id(node, "uid"),
        id(node, "gid"),
        access(node.stringOrEmpty("permissions")));
  }

  private static Optional<FileType> type(String letter) throws MalformedException {
    return switch (letter) {
      case "" -> Optional.empty();
      case "c", "u" -> Optional.of(FileType.CHARACTER_DEVICE);
      case "b" -> Optional.of(FileType.BLOCK_DEVICE);
      case "p" -> Optional.of(FileType.FIFO);
      default ->
          throw new MalformedException("type " + Printable.quote(letter) + " is not c, b or p");
    };
  }

  private static DeviceNumber number(JsonObject node) throws MalformedException {
    long major = node.optionalInteger("major").orElse(0);
    long minor = node.optionalInteger("minor").orElse(0);
    try {
      return new DeviceNumber(Math.toIntExact(major), Math.toIntExact(minor));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedException(major + ":" + minor + " is not the number of a device");
    }
  }

  /** A number; in YAML people write {@code 0666}, which is a string here. */
  private static OptionalInt permissions(JsonObject node) throws MalformedException {
    Optional<JsonValue> value = node.find("fileMode");
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.get() instanceof JsonValue.Text text && text.value().matches("0o?[0-7]{3,6}")) {
      String digits = text.value().replace("o", "");
      return OptionalInt.of(Integer.parseInt(digits, 8) & PERMISSIONS);
    }
    return OptionalInt.of((int) node.integer("fileMode") & PERMISSIONS);
  }

  private static String access(String permissions) throws MalformedException {
    if (permissions.equals("none")) {
      return "";
    }
    if (!permissions.matches("[rwm]{0,3}")) {
      throw new MalformedException(
          "permissions " + Printable.quote(permissions) + " are not of r, w and m");
    }
    StringBuilder ordered = new StringBuilder();
    for (char each : "rwm".toCharArray()) {
      if (permissions.isEmpty() || permissions.indexOf(each) >= 0) {
        ordered.append(each);
      }
    }
    return ordered.toString();
  }

  private static Edits.HostMount mount(JsonObject mount) throws MalformedException {
    String type = mount.stringOrEmpty("type");
    if (!Set.of("", "none", "bind").contains(type)) {
      throw new MalformedException("a mount of type " + Printable.quote(type));
    }
    return new Edits.HostMount(
        Path.of(path(mount, "hostPath")), path(mount, "containerPath"), mount.strings("options"));
  }

  private static String path(JsonObject owner, String field) throws MalformedException {
    String path = owner.string(field);
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      throw new MalformedException(
          field + " " + Printable.quote(path) + " is not an absolute path");
    }
    return path;
  }

  private static OptionalLong id(JsonObject owner, String field) throws MalformedException {
    OptionalLong id = owner.optionalInteger(field);
    return id.isPresent() ? OptionalLong.of(id(id.getAsLong())) : id;
  }

  private static long id(long id) throws MalformedException {
    if (id < 0 || id > MAX_ID) {
      throw new MalformedException(id + " is not a user or group");
    }
    return id;
  }
}

package io.jbuild.builder.instruction;

import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.builder.value.ByteSize;
import io.jbuild.linux.TreePath;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes a {@link RunMount} of a {@link MountFlag}: one pass over the options, then checks. Besides
 * BuildKit's options it takes those of Buildah that a sandbox of ours fulfils as it is, labels and
 * private propagation, and {@code tmpfs-mode}.
 */
final class MountReader {
  private static final long MAX_ID = 0xFFFFFFFEL;
  private static final int ALL_BITS = 07777;
  private static final int PERMISSIONS = 0777;

  /** Each option, and the types that know it; those of the same meaning have one name here. */
  private static final Map<String, Set<Type>> KNOWN =
      Map.ofEntries(
          Map.entry("type", Set.of(Type.values())),
          Map.entry("target", Set.of(Type.values())),
          Map.entry("source", Set.of(Type.BIND, Type.CACHE, Type.SECRET)),
          Map.entry("from", Set.of(Type.BIND, Type.CACHE)),
          Map.entry("readonly", Set.of(Type.values())),
          Map.entry("id", Set.of(Type.values())),
          Map.entry("sharing", Set.of(Type.CACHE)),
          Map.entry("required", Set.of(Type.SECRET, Type.SSH)),
          Map.entry("env", Set.of(Type.SECRET)),
          Map.entry("size", Set.of(Type.TMPFS)),
          Map.entry("mode", Set.of(Type.CACHE, Type.SECRET, Type.SSH)),
          Map.entry("tmpfs-mode", Set.of(Type.TMPFS)),
          Map.entry("tmpcopyup", Set.of(Type.TMPFS)),
          Map.entry("z", Set.of(Type.BIND, Type.CACHE)),
          Map.entry("relabel", Set.of(Type.BIND, Type.CACHE)),
          Map.entry("u", Set.of(Type.BIND, Type.CACHE)),
          Map.entry("bind-propagation", Set.of(Type.BIND, Type.CACHE)),
          Map.entry("uid", Set.of(Type.CACHE, Type.SECRET, Type.SSH)),
          Map.entry("gid", Set.of(Type.CACHE, Type.SECRET, Type.SSH)));

  static final List<String> KEYS =
      List.of(
          "type",
          "target",
          "dst",
          "destination",
          "source",
          "src",
          "from",
          "readonly",
          "ro",
          "readwrite",
          "rw",
          "id",
          "sharing",
          "required",
          "env",
          "size",
          "mode",
          "uid",
          "gid",
          "tmpfs-size",
          "tmpfs-mode",
          "tmpcopyup",
          "z",
          "relabel",
          "u",
          "bind-propagation");

  private static final Set<String> PRIVATE = Set.of("private", "rprivate", "slave", "rslave");

  private final MountFlag flag;
  private final Expander expander;
  private final Map<String, String> values = new LinkedHashMap<>();
  private Type type = Type.BIND;

  MountReader(MountFlag flag, Expander expander) {
    this.flag = flag;
    this.expander = expander;
  }

  private enum Type {
    BIND,
    CACHE,
    TMPFS,
    SECRET,
    SSH
  }

  RunMount read() throws BuildfileException {
    for (MountFlag.Option option : flag.options()) {
      String value = option.value().isPresent() ? expander.word(option.value().get()) : "";
      put(option, value);
    }
    type = oneOf("type", Type.class, Type.BIND);
    for (String key : values.keySet()) {
      if (!KNOWN.getOrDefault(key, Set.of()).contains(type)) {
        throw error(
                "unexpected key '" + key + "' for mount type '" + lower(type) + "'", typesOf(key))
            .at(key);
      }
    }
    refuseWhatIsNotDone();
    return switch (type) {
      case BIND -> bind();
      case CACHE -> cache();
      case TMPFS -> tmpfs();
      case SECRET -> secret();
      case SSH -> ssh();
    };
  }

  /** Options of Buildah's that would change what the step sees, and do not here. */
  private void refuseWhatIsNotDone() throws BuildfileException {
    String propagation = values.getOrDefault("bind-propagation", "private");
    if (!PRIVATE.contains(propagation.toLowerCase(Locale.ROOT))) {
      throw error("bind-propagation is private or slave, not \"" + propagation + "\"")
          .at(propagation);
    }
    if (values.containsKey("u")) {
      throw error("'U' is not done here: say uid= and gid= of a cache, or COPY --chown");
    }
    if (values.containsKey("tmpcopyup")) {
      throw error("'tmpcopyup' is not done here: a tmpfs begins empty");
    }
  }

  /** Files an option under its one name; the last of several counts, as it does in BuildKit. */
  private void put(MountFlag.Option option, String value) throws BuildfileException {
    boolean bare = option.value().isEmpty();
    switch (option.key()) {
      case "target", "dst", "destination" -> values.put("target", value);
      case "source", "src" -> values.put("source", value);
      case "size", "tmpfs-size" -> values.put("size", value);
      case "readonly", "ro" ->
          values.put("readonly", Boolean.toString(bare || bool(option, value)));
      case "readwrite", "rw" ->
          values.put("readonly", Boolean.toString(!(bare || bool(option, value))));
      case "required" -> values.put("required", Boolean.toString(bare || bool(option, value)));
      default -> values.put(option.key(), value);
    }
  }

  /** The spellings that Go's ParseBool knows. */
  private boolean bool(MountFlag.Option option, String value) throws BuildfileException {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw error("invalid value for " + option.key() + ": " + value, "write true or false")
              .at(value);
    };
  }

  private RunMount bind() throws BuildfileException {
    return new RunMount.Bind(
        target(), get("source").orElse("/"), get("from"), !readOnly(true), flag.range());
  }

  private RunMount cache() throws BuildfileException {
    RunMount.Sharing sharing = oneOf("sharing", RunMount.Sharing.class, RunMount.Sharing.SHARED);
    String target = target();
    return new RunMount.Cache(
        Optional.of(get("id").orElse(cleaned(target))),
        target,
        get("from"),
        get("source"),
        sharing,
        readOnly(false),
        mode("mode", ALL_BITS).orElse(0755),
        id("uid"),
        id("gid"),
        flag.range());
  }

  /** As Go's path.Clean has it: what is relative stays so. */
  private static String cleaned(String target) {
    if (target.startsWith("/")) {
      return TreePath.parse(target).toString();
    }
    String relative = Path.of(target).normalize().toString();
    return relative.isEmpty() ? "." : relative;
  }

  private RunMount tmpfs() throws BuildfileException {
    return new RunMount.Tmpfs(
        target(),
        size(),
        mode("tmpfs-mode", ALL_BITS).orElse(01777),
        readOnly(false),
        flag.range());
  }

  /** No size, or 0, is the kernel's own limit. */
  private OptionalLong size() throws BuildfileException {
    Optional<String> size = get("size");
    if (size.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long bytes = ByteSize.parse(size.get());
      return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    } catch (IllegalArgumentException e) {
      throw error("invalid value for size: " + size.get(), "write 64m or 1g").at(size.get());
    }
  }

  private RunMount secret() throws BuildfileException {
    Optional<String> target = get("target");
    Optional<String> env = get("env");
    Optional<String> given = get("id").or(() -> get("source"));
    if (get("id").isPresent() && get("source").isPresent()) {
      throw error("both source and id can't be set");
    }
    if (given.isEmpty() && target.isEmpty()) {
      throw error(
          "invalid secret mount: one of id, source, target is required",
          "add the id that --secret gives it");
    }
    String id = given.orElseGet(() -> baseName(target.orElse("")));
    Optional<String> file =
        target.isPresent() || env.isPresent()
            ? target
            : Optional.of("/run/secrets/" + baseName(id));
    return new RunMount.Secret(
        id,
        file,
        env,
        required(),
        mode("mode", PERMISSIONS).orElse(0400),
        id("uid"),
        id("gid"),
        flag.range());
  }

  private RunMount ssh() throws BuildfileException {
    return new RunMount.Ssh(
        get("id").orElse("default"),
        get("target"),
        required(),
        mode("mode", PERMISSIONS),
        id("uid"),
        id("gid"),
        flag.range());
  }

  private static String baseName(String path) {
    String trimmed = path.replaceAll("/+$", "");
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  /** An empty value is as good as none. */
  private Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** The working directory where none is given, which may be the root: that is seen later. */
  private String target() throws BuildfileException {
    String target = get("target").orElse(".");
    if (target.startsWith("/") && target.replace("/", "").replace(".", "").isEmpty()) {
      throw error("invalid mount target \"" + target + "\"", "the root itself cannot be replaced")
          .at(target);
    }
    return target;
  }

  private boolean readOnly(boolean standard) {
    return get("readonly").map(Boolean::parseBoolean).orElse(standard);
  }

  private boolean required() {
    return get("required").map(Boolean::parseBoolean).orElse(false);
  }

  /** The bits that the kind of file can have, of those that are given. */
  private OptionalInt mode(String key, int bits) throws BuildfileException {
    String text = values.get(key);
    if (text == null) {
      return OptionalInt.empty();
    }
    Optional<Long> mode = Numbers.unsigned(text, 8, ALL_BITS);
    if (mode.isEmpty()) {
      throw error("invalid value " + text + " for " + key, "write octal digits, such as 0755")
          .at(text);
    }
    return OptionalInt.of(mode.get().intValue() & bits);
  }

  private long id(String key) throws BuildfileException {
    String text = values.get(key);
    if (text == null) {
      return 0;
    }
    Optional<Long> id = Numbers.unsigned(text, 10, MAX_ID);
    if (id.isEmpty()) {
      throw error(
              "invalid value " + text + " for " + key, "write the number: names are not looked up")
          .at(text);
    }
    return id.get();
  }

  private <E extends Enum<E>> E oneOf(String key, Class<E> values, E standard)
      throws BuildfileException {
    String text = this.values.get(key);
    if (text == null) {
      return standard;
    }
    List<String> names =
        java.util.Arrays.stream(values.getEnumConstants()).map(this::lower).toList();
    int index = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (index >= 0) {
      return values.getEnumConstants()[index];
    }
    String what = key.equals("type") ? "mount type" : key + " value";
    throw new BuildfileException(
            "unsupported " + what + " \"" + text + "\"",
            expander.origin().source(),
            flag.range(),
            Suggestion.hint(text, names)
                .or(() -> Optional.of("there are " + String.join(", ", names))))
        .at(text);
  }

  /** Where an option would be right. */
  private String typesOf(String key) {
    List<String> types =
        KNOWN.getOrDefault(key, Set.of()).stream().sorted().map(this::lower).toList();
    return key + " is for type=" + String.join(", type=", types);
  }

  private String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private BuildfileException error(String problem, String hint) {
    return expander.origin().error(problem, flag.range(), hint);
  }

  private BuildfileException error(String problem) {
    return expander.origin().error(problem, flag.range());
  }
}

package io.jbuild.cli;

import io.jbuild.builder.LayerCompression;
import io.jbuild.builder.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --output}: {@code type=…,dest=…}, a directory, or {@code -} for a tar. */
final class OutputOption {
  private static final String OPTION = "--output";

  /** Taken and needless: a source date epoch clamps the times of files anyway. */
  private static final String REWRITE = "rewrite-timestamp";

  private OutputOption() {}

  /** Empty for {@code type=image} without a push: the store has the image anyway. */
  static Optional<Output> parse(String text) {
    if (text.equals("-")) {
      return Optional.of(new Output.RootTar(Optional.empty()));
    }
    if (!text.contains("=")) {
      return Optional.of(new Output.RootDirectory(Values.path(OPTION, text)));
    }
    Map<String, String> fields = Values.fields(OPTION, text);
    String type = fields.getOrDefault("type", "");
    switch (type) {
      case "oci":
        known(text, fields, Set.of("type", "dest", "tar", "compression", "name", REWRITE));
        boolean tar = bool(text, fields, "tar", true);
        Optional<Path> layout = destination(fields);
        if (!tar && layout.isEmpty()) {
          throw new TypeConversionException(OPTION + " type=oci,tar=false needs dest=DIRECTORY");
        }
        return Optional.of(new Output.OciLayout(layout, tar, compression(text, fields)));
      case "docker":
        known(text, fields, Set.of("type", "dest", "name", REWRITE));
        return Optional.of(new Output.DockerArchive(destination(fields)));
      case "tar":
        known(text, fields, Set.of("type", "dest"));
        return Optional.of(new Output.RootTar(destination(fields)));
      case "local":
        known(text, fields, Set.of("type", "dest"));
        return Optional.of(
            new Output.RootDirectory(
                destination(fields)
                    .orElseThrow(
                        () ->
                            new TypeConversionException(
                                OPTION + " type=local needs dest=DIRECTORY"))));
      case "registry":
        known(text, fields, Set.of("type", "name", "compression", "push", REWRITE));
        return Optional.of(new Output.Registry(compression(text, fields)));
      case "image":
        known(text, fields, Set.of("type", "name", "compression", "push", REWRITE));
        return bool(text, fields, "push", false)
            ? Optional.of(new Output.Registry(compression(text, fields)))
            : Optional.empty();
      default:
        throw new TypeConversionException(
            OPTION
                + " '"
                + text
                + "': the type is one of oci, docker, tar, local, image, registry");
    }
  }

  /** The names that an output gives the image, as {@code --tag} does: {@code "name=a,b"}. */
  static List<String> names(String text) {
    if (text.equals("-") || !text.contains("=")) {
      return List.of();
    }
    String names = Values.fields(OPTION, text).getOrDefault("name", "");
    return names.isEmpty() ? List.of() : List.of(names.split(",", -1));
  }

  private static Optional<Path> destination(Map<String, String> fields) {
    return Optional.ofNullable(fields.get("dest"))
        .filter(dest -> !dest.equals("-"))
        .map(dest -> Values.path(OPTION, dest));
  }

  private static LayerCompression compression(String text, Map<String, String> fields) {
    switch (fields.getOrDefault("compression", "gzip")) {
      case "gzip":
        return LayerCompression.GZIP;
      case "zstd":
        return LayerCompression.ZSTD;
      case "uncompressed":
      case "none":
        return LayerCompression.NONE;
      default:
        throw new TypeConversionException(
            OPTION + " '" + text + "': the compression is gzip, zstd or uncompressed");
    }
  }

  private static boolean bool(
      String text, Map<String, String> fields, String key, boolean otherwise) {
    String value = fields.getOrDefault(key, String.valueOf(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      throw new TypeConversionException(
          OPTION + " '" + text + "': " + key + " is true or false, not '" + value + "'");
    }
    return value.equals("true");
  }

  private static void known(String text, Map<String, String> fields, Set<String> keys) {
    for (String key : fields.keySet()) {
      if (!keys.contains(key)) {
        throw new TypeConversionException(
            OPTION + " '" + text + "': this type has no field '" + key + "'");
      }
    }
  }
}

package io.jbuild.cli;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.cli.progress.ProgressMode;
import io.jbuild.linux.netlink.Addresses;
import io.jbuild.oci.text.Printable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The small grammars of option values: sizes, {@code key=value}, comma-separated fields. */
final class Values {
  private Values() {}

  /** A number of at least one. */
  static int count(String text) {
    if (!text.matches("0*[1-9][0-9]{0,6}")) {
      throw new TypeConversionException("'" + text + "' is not a number of at least 1");
    }
    return Integer.parseInt(text);
  }

  /** A SOURCE_DATE_EPOCH: seconds since 1970, or a name that only the build can look up. */
  static String epoch(String text) {
    if (!text.matches("[0-9]{1,12}|[A-Za-z].*")) {
      throw new TypeConversionException("'" + text + "' is not a number of seconds since 1970");
    }
    return text;
  }

  /** {@code NAME:ADDRESS} or {@code NAME=ADDRESS}; returns it as it is. */
  static String host(String text) {
    int split = text.indexOf('=') > 0 ? text.indexOf('=') : text.indexOf(':');
    String address = text.substring(split + 1).replaceAll("^\\[(.*)\\]$", "$1");
    if (split < 1 || !text.substring(0, split).matches("[^\\s#]+") || !isAddress(address)) {
      throw new TypeConversionException(
          "--add-host takes NAME:ADDRESS, an address of numbers or host-gateway, not '"
              + text
              + "'");
    }
    return text;
  }

  /** A scope is left to the kernel's word; {@code host-gateway} is this machine. */
  private static boolean isAddress(String text) {
    return text.equals("host-gateway")
        || Addresses.parse(text.replaceAll("%\\w+$", "")).isPresent();
  }

  /** {@code NAME=VALUE}; the name may not be empty. */
  static Map.Entry<String, String> pair(String option, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new TypeConversionException(option + " takes NAME=VALUE, not '" + text + "'");
    }
    return Map.entry(text.substring(0, equals), text.substring(equals + 1));
  }

  /** {@code NAME=SOURCE}, as {@code --build-context} takes them. */
  static Map<String, ContextSource> contexts(List<String> texts) {
    Map<String, ContextSource> contexts = new LinkedHashMap<>();
    for (String text : texts) {
      Map.Entry<String, String> pair = pair("--build-context", text);
      try {
        contexts.put(pair.getKey(), ContextSource.parse(pair.getValue()));
      } catch (UserException e) {
        String hint = e.hint().map(line -> "; " + line).orElse("");
        throw new TypeConversionException(
            "--build-context " + pair.getKey() + ": " + e.getMessage() + hint);
      }
    }
    return contexts;
  }

  /** {@code NAME=VALUE}, or {@code NAME} alone for the value that the environment has, if any. */
  static Map<String, String> pairsOrEnvironment(
      List<String> texts, Map<String, String> environment) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      if (name.isEmpty()) {
        throw new TypeConversionException("'" + text + "' has no name before the '='");
      }
      String value = equals < 0 ? environment.get(name) : text.substring(equals + 1);
      if (value != null) {
        pairs.put(name, value);
      }
    }
    return pairs;
  }

  /** A file's name; one that cannot be written in the locale's character set is none. */
  static Path path(String option, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          option + " " + Printable.quote(text) + " is no path here: " + e.getReason());
    }
  }

  /** {@code type=oci,dest=out.tar,tar=false}: fields in the order given, each key once. */
  static Map<String, String> fields(String option, String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : csv(text)) {
      int equals = field.indexOf('=');
      String key =
          (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT).strip();
      String value = equals < 0 ? "true" : field.substring(equals + 1);
      if (key.isEmpty()) {
        throw new TypeConversionException(option + " '" + text + "' has an empty field");
      }
      if (fields.putIfAbsent(key, value) != null) {
        throw new TypeConversionException(option + " '" + text + "' names " + key + " twice");
      }
    }
    return fields;
  }

  /** One line of comma-separated values; double quotes protect commas. */
  private static List<String> csv(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new TypeConversionException("'" + text + "' has an open quote");
    }
    fields.add(field.toString());
    return fields;
  }

  /** {@link #count} for picocli. */
  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return count(value);
    }
  }

  /** {@link #epoch} for picocli. */
  static final class Epoch implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      return epoch(value);
    }
  }

  /** The values of {@code --progress} for picocli, in either case. */
  static final class Progress implements ITypeConverter<ProgressMode> {
    @Override
    public ProgressMode convert(String value) {
      for (ProgressMode mode : ProgressMode.values()) {
        if (mode.toString().equalsIgnoreCase(value)) {
          return mode;
        }
      }
      throw new TypeConversionException(
          "'" + value + "' is not one of auto, tty, plain, rawjson and quiet");
    }
  }

  /** {@code --call} for picocli. */
  static final class Call implements ITypeConverter<CallOption> {
    @Override
    public CallOption convert(String value) {
      return CallOption.parse(value);
    }
  }
}

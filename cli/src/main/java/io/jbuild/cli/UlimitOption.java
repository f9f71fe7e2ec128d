package io.jbuild.cli;

import io.jbuild.isolation.ProcessLimit;
import io.jbuild.isolation.ProcessLimit.Resource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --ulimit}: {@code nofile=1024:4096}, one value for both, -1 for none. */
final class UlimitOption {
  private UlimitOption() {}

  /** The last one for a resource holds. */
  static List<ProcessLimit> parse(List<String> texts) {
    Map<Resource, ProcessLimit> limits = new EnumMap<>(Resource.class);
    for (String text : texts) {
      ProcessLimit limit = parse(text);
      limits.put(limit.resource(), limit);
    }
    return List.copyOf(limits.values());
  }

  private static ProcessLimit parse(String text) {
    Map.Entry<String, String> pair = Values.pair("--ulimit", text);
    Resource resource =
        Resource.named(pair.getKey().toLowerCase(Locale.ROOT))
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "--ulimit '" + text + "': no such limit; " + known()));
    String[] values = pair.getValue().split(":", -1);
    if (values.length > 2) {
      throw new TypeConversionException("--ulimit takes NAME=SOFT[:HARD], not '" + text + "'");
    }
    try {
      long soft = value(text, values[0]);
      return new ProcessLimit(resource, soft, values.length == 1 ? soft : value(text, values[1]));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "--ulimit '" + text + "': the soft limit must not be above the hard one");
    }
  }

  private static String known() {
    return Arrays.stream(Resource.values())
        .map(Resource::toString)
        .collect(Collectors.joining(", "));
  }

  private static long value(String text, String value) {
    if (value.equals("-1") || value.equals("unlimited")) {
      return ProcessLimit.UNLIMITED;
    }
    if (!value.matches("[0-9]{1,18}")) {
      throw new TypeConversionException("--ulimit '" + text + "': '" + value + "' is not a number");
    }
    return Long.parseLong(value);
  }
}

package io.jbuild.cli;

import io.jbuild.builder.plan.PlatformNames;
import io.jbuild.oci.Platform;
import io.jbuild.oci.text.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * The values of {@code --platform}: {@code OS/ARCH[/VARIANT]}, {@code local} for this machine's.
 */
final class PlatformOption {
  private PlatformOption() {}

  static Platform one(String text) {
    if (text.contains(",")) {
      throw new TypeConversionException("--platform '" + text + "': one platform at a time here");
    }
    if (text.equals("local")) {
      return Platform.host();
    }
    try {
      return Platform.parse(text);
    } catch (MalformedException e) {
      String hint = PlatformNames.hint(text).map(meant -> "; " + meant).orElse("");
      throw new TypeConversionException(e.getMessage() + hint);
    }
  }

  static Optional<Platform> optional(@Nullable String text) {
    return Optional.ofNullable(text).map(PlatformOption::one);
  }

  /** Lists with commas, given any number of times; a platform that is named twice counts once. */
  static List<Platform> several(List<String> texts) {
    Set<Platform> all = new LinkedHashSet<>();
    for (String text : texts) {
      for (String each : text.split(",", -1)) {
        if (each.isBlank()) {
          throw new TypeConversionException("--platform '" + text + "' has an empty platform");
        }
        all.add(one(each.strip()));
      }
    }
    return new ArrayList<>(all);
  }
}

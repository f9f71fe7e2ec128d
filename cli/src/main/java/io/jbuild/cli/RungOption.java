package io.jbuild.cli;

import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.UserException;
import io.jbuild.isolation.Mechanism;
import io.jbuild.isolation.ladder.Rung;
import io.jbuild.isolation.ladder.Standing;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --require-rung}: for who would rather have no build than one behind fewer walls. */
final class RungOption {
  @Option(
      names = "--require-rung",
      paramLabel = "RUNG",
      converter = Converter.class,
      description =
          "Refuse to run with fewer walls than full-root, rootless or single-id has; see 'jbuild"
              + " doctor'.")
  @Nullable Rung required;

  /** Reads the names that doctor prints. */
  static final class Converter implements ITypeConverter<Rung> {
    @Override
    public Rung convert(String text) {
      return Arrays.stream(Rung.values())
          .filter(rung -> rung.id().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "is one of "
                          + Arrays.stream(Rung.values())
                              .map(Rung::id)
                              .collect(Collectors.joining(", "))
                          + ", not '"
                          + text
                          + "'"));
    }
  }

  /**
   * @param settings say whether namespaces are wanted at all
   */
  void check(EngineSettings settings) throws IOException, UserException {
    Rung least = required;
    if (least == null) {
      return;
    }
    Standing found = Standing.current();
    boolean chroot = settings.mechanism() instanceof Mechanism.Chroot;
    Standing here = chroot ? found.on(Rung.CHROOT) : found;
    if (here.rung().number() > least.number()) {
      throw new UserException(
          "--require-rung=" + least.id() + ", and this is " + here,
          "'jbuild doctor' says what keeps it from there");
    }
  }
}

package io.jbuild.fuzz;

import io.jbuild.cli.OptionsTarget;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The parsers that are fuzzed. */
@SuppressWarnings("ImmutableEnumChecker") // its checks are methods without state
public enum Target {
  /** A whole file: parsed, printed, parsed again, expanded, checked, planned. */
  BUILDFILE(BuildfileTarget::check, BuildfileTarget::read),
  /** A whole file in jbuild's own language. */
  EXTENDED(ExtendedTarget::load, ExtendedTarget::load),
  /** The first line is the value of {@code v}, the rest a word that is expanded. */
  EXPANSION(ExpansionTarget::check, ExpansionTarget::expand),
  /** Value, pattern and replacement of <code>${v//p/r}</code> and its kin, a line each. */
  SUBSTITUTION(SubstitutionTarget::check, SubstitutionTarget::substitute),
  /** An ignore file, {@code --}, and paths, a line each. */
  IGNORE(IgnoreTarget::check, IgnoreTarget::match),
  /** References, platforms and digests. */
  REFERENCE(ReferenceTarget::check, ReferenceTarget::check),
  /** References of git repositories. */
  GIT(GitTarget::check, GitTarget::check),
  /** The value of {@code RUN --mount} and {@code --device}. */
  MOUNT(MountTarget::check, MountTarget::read),
  /** A JSON array behind an instruction. */
  JSON(JsonTarget::check, JsonTarget::read),
  /** Modes, sizes, durations, ports, signals. */
  VALUES(ValuesTarget::check, ValuesTarget::check),
  /** Values of command-line options. */
  OPTIONS(OptionsTarget::check, OptionsTarget::check);

  private final Check promises;
  private final Check work;

  Target(Check promises, Check work) {
    this.promises = promises;
    this.work = work;
  }

  /** By its name in any case. */
  public static Optional<Target> find(String name) {
    return Arrays.stream(values()).filter(t -> t.name().equalsIgnoreCase(name)).findFirst();
  }

  /** Everything that must hold, by slow means where they are the simple ones. */
  public void check(String text) throws Exception {
    promises.check(text);
  }

  /** What a user waits for, and nothing else. */
  public void work(String text) throws Exception {
    work.check(text);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

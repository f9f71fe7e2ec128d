package io.jbuild.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option whose value may be missing: a word behind it that is none of its values is the next
 * argument, so that {@code --pull .} has a context. What an equals sign attaches is the value.
 */
abstract class AttachedValue implements IParameterPreprocessor {
  private final Set<String> values;

  AttachedValue(String... values) {
    this.values = Set.of(values);
  }

  @Override
  public boolean preprocess(
      Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    if (!words.isEmpty()
        && !"=".equals(info.get("separator"))
        && !values.contains(words.peek().toLowerCase(Locale.ROOT))) {
      words.push(((OptionSpec) option).fallbackValue());
    }
    return false;
  }

  /** {@code --pull}, as docker build has it and with its policies. */
  static final class ForPull extends AttachedValue {
    ForPull() {
      super("always", "missing", "never", "true", "false");
    }
  }

  /** {@code ignored --list}. */
  static final class ForList extends AttachedValue {
    ForList() {
      super("ignored", "kept", "all");
    }
  }
}

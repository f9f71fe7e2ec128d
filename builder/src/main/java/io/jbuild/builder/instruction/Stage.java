package io.jbuild.builder.instruction;

import java.util.List;
import java.util.Optional;

/**
 * A FROM and what follows it.
 *
 * @param index counted from 0, by which {@code --from=0} names it
 */
public record Stage(int index, From from, List<Instruction> instructions) {
  public Stage {
    instructions = List.copyOf(instructions);
  }

  /** In lower case. */
  public Optional<String> name() {
    return from.name();
  }

  /** The name, or the index. */
  public String label() {
    return name().orElse(Integer.toString(index));
  }

  /** Whether a name of the command line means this stage: its own, {@code 0} or {@code stage-0}. */
  public boolean isNamed(String text) {
    return text.equalsIgnoreCase(label())
        || text.equals(Integer.toString(index))
        || text.equals("stage-" + index);
  }
}

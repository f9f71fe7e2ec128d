package io.jbuild.isolation.plan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Becomes a program of the machine, which the user trusts: no starter goes before it. */
public record ExecuteTrusted(Path program, List<String> argv, List<String> environment)
    implements SetupStep {
  public ExecuteTrusted {
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
  }

  @Override
  public void compile(Assembly out) {
    out.finish(
        out.calls().exec(bytes(List.of(program.toString())), bytes(argv), bytes(environment)));
  }

  private static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}

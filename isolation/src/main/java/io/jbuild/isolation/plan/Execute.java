package io.jbuild.isolation.plan;

import io.jbuild.linux.spawn.Starter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Becomes the command: the first of the paths that can be executed.
 *
 * @param starter what the child is while the command is looked for
 * @param paths absolute, or relative to the working directory
 */
public record Execute(
    Starter starter, List<String> paths, List<String> argv, List<String> environment)
    implements SetupStep {
  public Execute {
    paths = List.copyOf(paths);
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
  }

  @Override
  public void compile(Assembly out) {
    out.finish(out.calls().exec(starter, bytes(paths), bytes(argv), bytes(environment)));
  }

  private static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}

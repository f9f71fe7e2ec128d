package io.jbuild.isolation.plan;

import io.jbuild.linux.spawn.ExecLabel;
import io.jbuild.linux.spawn.Starter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Becomes the command: the first of the paths that can be executed.
 *
 * @param starter what the child is while the command is looked for
 * @param label what a security module knows it by
 * @param paths absolute, or relative to the working directory
 */
public record Execute(
    Starter starter,
    Optional<Label> label,
    List<String> paths,
    List<String> argv,
    List<String> environment)
    implements SetupStep {
  /**
   * A label that is taken at exec.
   *
   * @param file below /proc
   */
  public record Label(String file, String text) {}

  public Execute {
    paths = List.copyOf(paths);
    argv = List.copyOf(argv);
    environment = List.copyOf(environment);
  }

  @Override
  public void compile(Assembly out) {
    out.finish(
        out.calls()
            .exec(
                starter,
                label.map(each -> new ExecLabel(out.proc(), each.file(), each.text())),
                bytes(paths),
                bytes(argv),
                bytes(environment)));
  }

  private static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}

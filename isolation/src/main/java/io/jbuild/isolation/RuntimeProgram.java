package io.jbuild.isolation;

import io.jbuild.isolation.plan.ProvideBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An OCI runtime that was asked what it can do.
 *
 * @param keeps whether it can leave the control group for jbuild to read and to remove
 */
record RuntimeProgram(Mechanism.OciRuntime runtime, boolean keeps) {
  private static final int MOST_HELP = 64 * 1024;

  static RuntimeProgram probe(Mechanism.OciRuntime runtime) throws IOException {
    String help = help(runtime.program());
    if (!help.contains("bundle")) {
      throw new IOException(
          "\"" + runtime.program() + "\" is no OCI runtime: its \"run --help\" tells of no bundle");
    }
    return new RuntimeProgram(runtime, help.contains("--keep"));
  }

  private static String help(Path program) throws IOException {
    Process process;
    try {
      process =
          new ProcessBuilder(program.toString(), "run", "--help").redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException("the runtime \"" + program + "\" cannot be executed", e);
    }
    try (var out = process.getInputStream()) {
      process.getOutputStream().close();
      return new String(out.readNBytes(MOST_HELP), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  Path path() {
    return runtime.program();
  }

  /** Its command line, the program's own name first. */
  List<String> arguments(String container, Path bundle, String log) {
    List<String> arguments = new ArrayList<>();
    arguments.add(path().toString());
    arguments.addAll(runtime.flags());
    arguments.addAll(List.of("--root", bundle.resolve(ProvideBundle.STATE).toString()));
    arguments.addAll(List.of("--log", log, "--log-format", "json", "run"));
    if (keeps) {
      arguments.add("--keep");
    }
    arguments.addAll(List.of("--bundle", bundle.toString(), container));
    return arguments;
  }

  /** That of jbuild: the container does not get it. */
  List<String> environment() {
    return System.getenv().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .toList();
  }

  /** The program's name: {@code runc}. */
  @Override
  public String toString() {
    return runtime.toString();
  }
}

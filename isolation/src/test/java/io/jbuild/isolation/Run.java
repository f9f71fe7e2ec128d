package io.jbuild.isolation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A finished run and what it wrote. */
record Run(ExitStatus status, String out, String error, Usage usage) {
  static final List<String> ENVIRONMENT = List.of("PATH=/bin", "HOME=/root");

  static Command shell(String script) {
    return Command.of(List.of("sh", "-c", script), ENVIRONMENT);
  }

  static Run of(IsolationCore core, SandboxSpec spec) throws IOException, InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    try (Sandbox sandbox = core.start(spec, Stdio.captured(out, error))) {
      ExitStatus status = sandbox.waitFor();
      return new Run(
          status,
          out.toString(StandardCharsets.UTF_8),
          error.toString(StandardCharsets.UTF_8),
          sandbox.usage());
    }
  }
}

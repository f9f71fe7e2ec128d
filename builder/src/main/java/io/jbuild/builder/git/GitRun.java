package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.builder.solve.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One run of git: what it is told, its output, its end. It dies with the build. */
final class GitRun {
  private static final int MAX_ERRORS = 16 << 10;
  private static final int MAX_OUTPUT = 64 << 20;

  /** Takes the output of a run while it runs. */
  @FunctionalInterface
  interface Taker {
    void take(InputStream output) throws IOException, UserException;
  }

  private final Path program;
  private final Path directory;
  private final Map<String, String> environment;
  private final List<String> settings;
  private final Cancellation cancellation;
  private final String command;
  private final List<String> arguments;

  GitRun(
      Path program,
      Path directory,
      Map<String, String> environment,
      List<String> settings,
      Cancellation cancellation,
      String command,
      List<String> arguments) {
    this.program = program;
    this.directory = directory;
    this.environment = new TreeMap<>(environment);
    this.settings = new ArrayList<>(settings);
    this.cancellation = cancellation;
    this.command = command;
    this.arguments = List.copyOf(arguments);
  }

  /** On a repository. */
  GitRun in(Path repository) {
    environment.put("GIT_DIR", repository.toString());
    return this;
  }

  /** With a setting, which no command line shows. */
  GitRun with(String key, String value) {
    settings.add(key + "=" + value);
    return this;
  }

  GitRun withVariable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Showing who we are; then no redirection is followed, since the header would go along. */
  GitRun authorized(Optional<String> header, Optional<Path> agent) {
    if (header.isPresent()) {
      with("http.extraHeader", "Authorization: " + header.get());
      with("http.followRedirects", "false");
    }
    if (agent.isPresent()) {
      environment.put("SSH_AUTH_SOCK", agent.get().toAbsolutePath().toString());
      environment.put("GIT_SSH_COMMAND", GitProgram.sshWithAgent());
    }
    return this;
  }

  List<String> commandLine() {
    List<String> line = new ArrayList<>(List.of(program.toString(), command));
    line.addAll(arguments);
    return line;
  }

  Map<String, String> environment() {
    Map<String, String> all = new TreeMap<>(environment);
    all.put("GIT_CONFIG_COUNT", Integer.toString(settings.size()));
    for (int i = 0; i < settings.size(); i++) {
      int equals = settings.get(i).indexOf('=');
      all.put("GIT_CONFIG_KEY_" + i, settings.get(i).substring(0, equals));
      all.put("GIT_CONFIG_VALUE_" + i, settings.get(i).substring(equals + 1));
    }
    return all;
  }

  /** The output, which git writes little of. */
  byte[] output() throws IOException, UserException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    stream(
        output -> {
          bytes.writeBytes(output.readNBytes(MAX_OUTPUT));
          if (output.read() >= 0) {
            throw new IOException("git " + command + " says more than " + MAX_OUTPUT + " bytes");
          }
        });
    return bytes.toByteArray();
  }

  String text() throws IOException, UserException, InterruptedException {
    return new String(output(), StandardCharsets.UTF_8);
  }

  void run() throws IOException, UserException, InterruptedException {
    byte[] unused = output();
  }

  /** Hands the output over while git writes it; an end with an error is a {@link GitFailure}. */
  void stream(Taker taker) throws IOException, UserException, InterruptedException {
    cancellation.check();
    Process process = start();
    Cancellation.Registration registration = cancellation.onCancel(strength -> kill(process));
    try {
      process.getOutputStream().close();
      Errors errors = new Errors(process.getErrorStream());
      errors.start();
      take(taker, process, errors);
    } finally {
      registration.close();
      kill(process);
    }
  }

  private void take(Taker taker, Process process, Errors errors)
      throws IOException, UserException, InterruptedException {
    try (InputStream output = process.getInputStream()) {
      taker.take(output);
    } catch (IOException | UserException e) {
      // Half an output reads badly: the reason is what git says, if it failed.
      kill(process);
      cancelled(e);
      if (errors.end().contains("fatal: ")) {
        throw new GitFailure(command, process.waitFor(), errors.end());
      }
      throw e;
    }
    int status = process.waitFor();
    cancelled(null);
    if (status != 0) {
      throw new GitFailure(command, status, errors.end());
    }
  }

  private void cancelled(@Nullable Throwable cause) {
    if (cancellation.isCancelled()) {
      CancellationException cancelled = new CancellationException("cancelled");
      if (cause != null) {
        cancelled.initCause(cause);
      }
      throw cancelled;
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(commandLine());
    builder.directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment());
    return builder.start();
  }

  /** With what it started: its helpers hold the ends of our pipes. */
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** What git says of its failures: a server may say any amount, the end of it is kept. */
  private static final class Errors extends Thread {
    private final InputStream in;
    private final StringBuilder kept = new StringBuilder();

    private Errors(InputStream in) {
      super("jbuild-git");
      this.in = in;
      setDaemon(true);
    }

    @Override
    public void run() {
      byte[] buffer = new byte[8192];
      try (in) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          keep(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // Killed: nobody asks for the rest.
      }
    }

    private synchronized void keep(String text) {
      kept.append(text);
      kept.delete(0, Math.max(0, kept.length() - MAX_ERRORS));
    }

    private String end() throws InterruptedException {
      join();
      synchronized (this) {
        return kept.toString();
      }
    }
  }
}

package io.jbuild.registry.credentials;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One {@code docker-credential-NAME} program: the server's name goes to its standard input, JSON
 * comes back. It is found in the absolute entries of the user's PATH only, so that no build context
 * can bring one.
 */
final class CredentialHelper {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int MAX_ANSWER = 64 * 1024;
  private static final String TOKEN_USER = "<token>";

  private final String program;
  private final String searchPath;
  private final Duration timeout;

  CredentialHelper(String name, String searchPath, Duration timeout) throws CredentialException {
    if (!NAME.matcher(name).matches()) {
      throw new CredentialException(
          "credential helper " + Printable.quote(name) + ": not a valid helper name");
    }
    this.program = "docker-credential-" + name;
    this.searchPath = searchPath;
    this.timeout = timeout;
  }

  Optional<Credential> get(String server) throws IOException {
    Process process = start();
    try {
      process.getOutputStream().write((server + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
    } catch (IOException ignoredBecauseItsExitTells) {
      // A helper that never reads its input closes the pipe; its exit status is the better story.
    }
    try {
      return answer(process, server);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(locate().toString(), "get");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      return builder.start();
    } catch (IOException e) {
      throw failed("cannot be started: " + Printable.limit(String.valueOf(e.getMessage()), 200), e);
    }
  }

  private Path locate() throws CredentialException {
    for (String entry : searchPath.split(File.pathSeparator, -1)) {
      Path directory = Path.of(entry);
      Path candidate = directory.resolve(program);
      if (directory.isAbsolute()
          && Files.isRegularFile(candidate)
          && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw failed("not found in PATH", null);
  }

  /** The answer is read by a thread of its own: a hanging helper must not hold the caller. */
  private Optional<Credential> answer(Process process, String server) throws IOException {
    AnswerReader reader = new AnswerReader(process.getInputStream());
    reader.start();
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("no answer for \"" + server + "\" in " + timeout.toSeconds() + " s", null);
      }
      reader.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + program);
    }
    return process.exitValue() == 0
        ? Optional.of(parse(reader.bytes()))
        : refused(process.exitValue(), new String(reader.bytes(), StandardCharsets.UTF_8));
  }

  private Credential parse(byte[] bytes) throws CredentialException {
    try {
      JsonObject answer = Json.readObject(bytes);
      String user = answer.string("Username");
      String secret = answer.string("Secret");
      return user.equals(TOKEN_USER)
          ? new Credential.IdentityToken(secret)
          : new Credential.UserPassword(user, secret);
    } catch (MalformedException | IllegalArgumentException e) {
      throw failed("its answer is not a credential", null); // the text may hold a secret
    }
  }

  /** "Not found" is an answer: the fixed sentence of the docker-credential-helpers protocol. */
  private Optional<Credential> refused(int exit, String text) throws CredentialException {
    if (text.strip().startsWith("credentials not found")) {
      return Optional.empty();
    }
    throw failed("exit status " + exit + ": " + Printable.limit(text.strip(), 200), null);
  }

  private CredentialException failed(String why, @Nullable Throwable cause) {
    return new CredentialException("credential helper \"" + program + "\": " + why, cause);
  }

  private static final class AnswerReader extends Thread {
    private final InputStream in;
    private volatile byte[] bytes = {};

    AnswerReader(InputStream in) {
      super("credential-helper");
      this.in = in;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        bytes = in.readNBytes(MAX_ANSWER);
      } catch (IOException closedByTheKill) {
        bytes = new byte[0]; // no answer; the exit status or the timeout tells why
      }
    }

    byte[] bytes() {
      return bytes;
    }
  }
}

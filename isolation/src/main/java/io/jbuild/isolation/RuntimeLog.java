package io.jbuild.isolation;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a runtime writes to its log: one JSON object a line. */
final class RuntimeLog extends OutputStream {
  private static final int MOST = 256 * 1024;
  private static final int LONGEST_MESSAGE = 1000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] buffer, int offset, int length) {
    bytes.write(buffer, offset, Math.min(length, MOST - bytes.size()));
  }

  /** The last error that it tells of; empty where all went well. */
  synchronized Optional<String> error() {
    String last = null;
    for (String line : bytes.toString(StandardCharsets.UTF_8).split("\n", -1)) {
      last = message(line).orElse(last);
    }
    return Optional.ofNullable(last);
  }

  private static Optional<String> message(String line) {
    if (line.isBlank()) {
      return Optional.empty();
    }
    try {
      JsonObject entry = Json.readObject(line.getBytes(StandardCharsets.UTF_8));
      String level = entry.stringOrEmpty("level");
      boolean error = level.equals("error") || level.equals("fatal");
      return error ? Optional.of(oneLine(entry.stringOrEmpty("msg"))) : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty(); // a line that was cut off, or no log line at all
    }
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s*\n\\s*", ": ");
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
  }
}

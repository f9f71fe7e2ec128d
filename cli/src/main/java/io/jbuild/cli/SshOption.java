package io.jbuild.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/** The value of {@code --ssh}: {@code default}, {@code ID}, or {@code ID=SOCKET}. */
record SshOption(String id, Path socket) {
  static SshOption parse(String text, Map<String, String> environment) {
    int equals = text.indexOf('=');
    String id = equals < 0 ? text : text.substring(0, equals);
    String socket = equals < 0 ? "" : text.substring(equals + 1);
    if (id.isEmpty()) {
      throw new TypeConversionException("--ssh '" + text + "' has no ID before the '='");
    }
    if (socket.isEmpty()) {
      socket = environment.getOrDefault("SSH_AUTH_SOCK", "");
    }
    if (socket.isEmpty()) {
      throw new TypeConversionException(
          "--ssh " + id + ": no agent; start one (SSH_AUTH_SOCK is not set) or name its socket");
    }
    return new SshOption(id, Values.path("--ssh", socket));
  }
}

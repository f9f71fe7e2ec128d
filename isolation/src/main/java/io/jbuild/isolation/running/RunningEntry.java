package io.jbuild.isolation.running;

import io.jbuild.oci.json.Json;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A sandbox that runs.
 *
 * @param of the image, or the step that it is
 * @param pid its first process, as whoever wrote this sees it
 * @param startTicks when that process began, as field 22 of {@code /proc/PID/stat} has it: a number
 *     that was given to another process since has another
 * @param owner the jbuild that waits for it
 */
public record RunningEntry(
    String name,
    String of,
    int pid,
    long startTicks,
    int owner,
    Instant since,
    List<String> command) {
  static final int MAX_BYTES = 1 << 20;

  public RunningEntry {
    command = List.copyOf(command);
  }

  static RunningEntry parse(byte[] bytes) throws MalformedException {
    JsonObject json = Json.readObject(bytes);
    return new RunningEntry(
        json.string("name"),
        json.string("of"),
        Math.toIntExact(json.integer("pid")),
        json.integer("startTicks"),
        Math.toIntExact(json.integer("owner")),
        Instant.ofEpochSecond(json.integer("since")),
        json.strings("command"));
  }

  byte[] bytes() {
    return Json.writeString(
            JsonObject.builder()
                .put("name", name)
                .put("of", of)
                .put("pid", pid)
                .put("startTicks", startTicks)
                .put("owner", owner)
                .put("since", since.getEpochSecond())
                .putStrings("command", command)
                .build())
        .getBytes(StandardCharsets.UTF_8);
  }
}

package io.jbuild.oci.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes that die, and a kernel that refuses, in the middle of writing a blob. */
final class CrashTest {
  private static final byte[] CONTENT = "hello".getBytes(UTF_8);
  private static final Digest DIGEST = Digest.sha256(CONTENT);

  @TempDir private Path temp;

  /** What the child process does: {@code store halt|put|wait}. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws IOException {
      ContentStore store = new ContentStore(StoreRoot.open(Path.of(args[0])));
      BlobIngest ingest = store.begin(Digest.Algorithm.SHA256);
      ingest.write(CONTENT);
      if (args[1].equals("halt")) {
        Runtime.getRuntime().halt(9);
      }
      if (args[1].equals("wait")) {
        System.out.println("ready");
        System.out.flush();
        assertEquals(-1, System.in.read());
      }
      ingest.commit();
      System.out.println("committed");
    }
  }

  private List<String> child(String what) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("java.class.path"),
        Child.class.getName(),
        temp.resolve("store").toString(),
        what);
  }

  @Test
  void sweep_afterAWriterDied_takesItsFile() throws Exception {
    ContentStore store = new ContentStore(StoreRoot.open(temp.resolve("store")));

    assertEquals(9, new ProcessBuilder(child("halt")).start().waitFor());

    assertEquals(List.of(), store.list());
    assertEquals(1, store.sweep());
  }

  @Test
  void sweep_whileAnotherProcessWrites_leavesItsFile() throws Exception {
    ContentStore store = new ContentStore(StoreRoot.open(temp.resolve("store")));
    Process writer = new ProcessBuilder(child("wait")).start();
    assertEquals("ready", writer.inputReader().readLine());

    assertEquals(0, store.sweep());
    writer.getOutputStream().close();

    assertEquals(0, writer.waitFor());
    assertTrue(store.verify(DIGEST));
  }

  /** Each call that makes a blob durable fails or is the last that the process does. */
  @ParameterizedTest
  @CsvSource({
    "fsync, error=ENOSPC, 1",
    "fsync, error=EIO, 1",
    "fsync, signal=KILL, 1",
    "fsync, signal=KILL, 2",
    "?rename:?renameat:?renameat2, error=EIO, 1",
    "?rename:?renameat:?renameat2, signal=KILL, 1",
    "write, error=ENOSPC, 1",
  })
  void commit_whenTheKernelRefuses_isNotAnnounced(String call, String fault, int when)
      throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed: skipped");
    StoreRoot root = StoreRoot.open(temp.resolve("store"));
    ContentStore store = new ContentStore(root);
    Digest before = store.put("before".getBytes(UTF_8));

    Result result = runInjected(call.replace(':', ','), fault, when);

    assertNotEquals(0, result.exit, result.output);
    assertTrue(!result.output.contains("committed"), result.output);
    assertTrue(store.verify(before));
    for (Digest digest : store.list()) {
      assertTrue(store.verify(digest), digest.toString());
    }
    store.sweep();
    try (var rest = Files.list(root.ingest())) {
      assertEquals(List.of(), rest.toList());
    }
    store.put(CONTENT);
    assertTrue(store.verify(DIGEST));
  }

  private record Result(int exit, String output) {}

  /**
   * A starting JVM writes, renames and syncs no file of its own, so the calls that count are ours.
   */
  private Result runInjected(String calls, String fault, int when) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("strace", "-f", "-qq", "-o", temp.resolve("trace").toString()));
    command.addAll(
        List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":" + fault + ":when=" + when));
    command.addAll(child("put"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output);
  }
}

package io.jbuild.isolation.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningSandboxesTest {
  @TempDir Path work;

  @Test
  void list_started_tellsWhatRunsUntilItIsClosed() throws Exception {
    RunningSandboxes running = RunningSandboxes.in(work);
    assertEquals(List.of(), running.list());
    int own = (int) ProcessHandle.current().pid();
    try (RunningSandboxes.Registration web = running.register(new SandboxLabel("web", "nginx"))) {
      assertEquals(List.of(), running.list(), "nothing is said before the start");
      web.started(own, List.of("sh", "-c", "a\n\u001b[2Jb"));
      RunningEntry entry = running.find("web").orElseThrow();
      assertEquals("nginx", entry.of());
      assertEquals(own, entry.pid());
      assertEquals(Optional.of(entry.startTicks()), RunningSandboxes.startTicks(own));
      assertEquals(List.of("sh", "-c", "a\n\u001b[2Jb"), entry.command());
    }
    assertEquals(List.of(), running.list());
  }

  @Test
  void register_nameThatRuns_isRefusedAndFreeAfterwards() throws Exception {
    RunningSandboxes running = RunningSandboxes.in(work);
    SandboxLabel web = new SandboxLabel("web", "nginx");
    try (RunningSandboxes.Registration first = running.register(web)) {
      NameInUseException e = assertThrows(NameInUseException.class, () -> running.register(web));
      assertEquals("a sandbox called \"web\" is running", e.getMessage());
      first.started(1, List.of("sleep"));
      assertEquals(1, running.list().size());
    }
    running.register(web).close();
  }

  @Test
  void list_whatTheDeadLeft_isSwept() throws Exception {
    RunningSandboxes running = RunningSandboxes.in(work);
    Path directory = Files.createDirectories(work.resolve(RunningSandboxes.DIRECTORY));
    Files.writeString(directory.resolve("dead"), "{\"name\":\"dead\"}");
    assertEquals(List.of(), running.list());
    assertFalse(Files.exists(directory.resolve("dead")));
  }

  @Test
  void register_fromManyThreads_hasOneWinner() throws Exception {
    RunningSandboxes running = RunningSandboxes.in(work);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch tried = new CountDownLatch(8);
    try {
      List<Future<Boolean>> tries = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tries.add(threads.submit(() -> wins(running, tried)));
      }
      int winners = 0;
      for (Future<Boolean> each : tries) {
        winners += get(each) ? 1 : 0;
      }
      assertEquals(1, winners);
    } finally {
      threads.shutdown();
    }
  }

  private static boolean wins(RunningSandboxes running, CountDownLatch tried) throws Exception {
    try {
      RunningSandboxes.Registration mine = running.register(new SandboxLabel("one", "image"));
      tried.countDown();
      tried.await();
      mine.close();
      return true;
    } catch (NameInUseException e) {
      tried.countDown();
      return false;
    }
  }

  private static boolean get(Future<Boolean> result)
      throws InterruptedException, ExecutionException {
    return result.get();
  }

  @Test
  void isName_oddTexts_areNone() {
    for (String bad : List.of("", ".lock", "-x", "a b", "a/b", "a\n", "ü", "x".repeat(129))) {
      assertFalse(SandboxLabel.isName(bad), bad);
    }
    assertTrue(SandboxLabel.isName("web-1.2_x"));
    assertTrue(SandboxLabel.isName(SandboxLabel.unnamed("run", "x").name()));
  }
}

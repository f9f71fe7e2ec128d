package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryDirTest extends DirContract {
  private final MemoryTree tree = new MemoryTree();
  private final MemoryDir root = tree.root();

  @Override
  protected Dir root() {
    return root;
  }

  @AfterEach
  void everyHandleIsClosed() {
    root.close();
    tree.close();
  }

  @Test
  void close_withOpenHandle_tellsWhereItWasOpened() throws Exception {
    MemoryTree leaky = new MemoryTree();
    Dir root = leaky.root();
    Dir forgotten = root.makeDir(Name.of("d"), 0755);
    root.close();
    AssertionError leak = assertThrows(AssertionError.class, leaky::close);
    assertEquals(1, leak.getSuppressed().length);
    forgotten.close();
    leaky.close();
  }

  /** How a test of code above finds out that every failure leaves nothing open. */
  @Test
  void failAfter_everyStep_isReachedOnce() throws Exception {
    int failures = 0;
    for (boolean done = false; !done; ) {
      try (MemoryTree failing = new MemoryTree();
          Dir top = failing.root()) {
        failing.failAfter(failures, Errno.ENOSPC);
        try (Dir dir = top.makeDir(Name.of("d"), 0755);
            OutputFile file = dir.create(Name.of("f"), 0644)) {
          file.write(new byte[1], 0, 1);
          file.sync();
          done = true;
        } catch (LinuxException e) {
          assertEquals(Errno.ENOSPC, e.errno());
          failures++;
        }
      }
    }
    assertEquals(6, failures);
  }
}

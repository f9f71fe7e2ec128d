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
}

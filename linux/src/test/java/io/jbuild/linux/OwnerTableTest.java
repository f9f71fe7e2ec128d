package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerTableTest {
  private static final TreePath LINK = TreePath.parse("/a b/link");

  @TempDir Path temp;

  @Test
  void put_thenReadAgain_lastOwnerCounts() throws IOException {
    Path file = temp.resolve("owners");
    OwnerTable table = OwnerTable.of(file);
    assertEquals(new RecordedOwner(0, 0), table.get(LINK));
    table.put(LINK, new RecordedOwner(33, 34));
    table.put(LINK, new RecordedOwner(1000, 5));
    assertEquals(new RecordedOwner(1000, 5), OwnerTable.of(file).get(LINK));
    table.put(LINK, new RecordedOwner(0, 0));
    assertEquals(new RecordedOwner(0, 0), OwnerTable.of(file).get(LINK));
  }

  @Test
  void put_rootsFile_nothingWritten() throws IOException {
    Path file = temp.resolve("owners");
    OwnerTable.of(file).put(LINK, new RecordedOwner(0, 0));
    assertEquals(false, Files.exists(file));
  }

  @Test
  void of_lineWithoutItsEnd_notRead() throws IOException {
    Path file = temp.resolve("owners");
    Files.write(file, "1:2 /a\0".getBytes(StandardCharsets.UTF_8));
    Files.writeString(file, "3:4 /b", java.nio.file.StandardOpenOption.APPEND);
    OwnerTable table = OwnerTable.of(file);
    assertEquals(new RecordedOwner(1, 2), table.get(TreePath.parse("/a")));
    assertEquals(new RecordedOwner(0, 0), table.get(TreePath.parse("/b")));
  }

  @Test
  void of_damaged_refused() throws IOException {
    for (String line : new String[] {"x:y /a", "1:2", "/a", "1:-2 /a", "4294967296:1 /a"}) {
      Path file =
          Files.write(temp.resolve("owners"), (line + "\0").getBytes(StandardCharsets.UTF_8));
      assertThrows(IOException.class, () -> OwnerTable.of(file), line);
    }
  }
}

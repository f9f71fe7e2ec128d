package io.jbuild.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The file {@code owners} beside a tree: who owns its symbolic links, FIFOs and sockets, on which
 * the kernel allows no {@code user.} attributes. It has lines {@code uid:gid /path}, each ended by
 * a NUL; of several for one path the last counts. Lines are only added, each by one write, so that
 * the file is always whole.
 */
final class OwnerTable {
  static final String FILE = "owners";

  private final Path file;
  private final Map<TreePath, RecordedOwner> owners = new HashMap<>();

  private OwnerTable(Path file) {
    this.file = file;
  }

  static OwnerTable of(Path file) throws IOException {
    OwnerTable table = new OwnerTable(file);
    if (Files.exists(file)) {
      table.read(Files.readAllBytes(file));
    }
    return table;
  }

  private void read(byte[] content) throws IOException {
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == 0) {
        line(Arrays.copyOfRange(content, start, i));
        start = i + 1;
      }
    }
  }

  private void line(byte[] line) throws IOException {
    int space = 0;
    while (space < line.length && line[space] != ' ') {
      space++;
    }
    Optional<RecordedOwner> owner = RecordedOwner.parse(Arrays.copyOf(line, space));
    if (owner.isEmpty() || space == line.length) {
      throw new IOException("\"" + file + "\" is damaged");
    }
    TreePath path = TreePath.parse(Arrays.copyOfRange(line, space + 1, line.length));
    owners.put(path, owner.get());
  }

  synchronized RecordedOwner get(TreePath path) {
    return owners.getOrDefault(path, new RecordedOwner(0, 0));
  }

  synchronized void put(TreePath path, RecordedOwner owner) throws IOException {
    if (get(path).equals(owner)) {
      return;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(owner.bytes());
    line.write(' ');
    line.writeBytes(path.bytes());
    line.write(0);
    Files.write(file, line.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    owners.put(path, owner);
  }
}

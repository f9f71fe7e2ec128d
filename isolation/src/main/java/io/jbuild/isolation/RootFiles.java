package io.jbuild.isolation;

import io.jbuild.linux.Closing;
import io.jbuild.linux.Dir;
import io.jbuild.linux.Errno;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens regular files below a directory as if it were the root, symlinks included. */
final class RootFiles {
  /** The kernel's limit. */
  private static final int MAX_LINKS = 40;

  private RootFiles() {}

  /** The file, or empty where there is none; a FIFO or device is an error and is not opened. */
  static Optional<InputStream> open(Dir root, TreePath path) throws IOException {
    Deque<String> todo = new ArrayDeque<>(components(path.bytes()));
    Deque<Name> done = new ArrayDeque<>();
    int links = 0;
    while (!todo.isEmpty()) {
      String component = todo.removeFirst();
      if (component.equals("..")) {
        done.pollLast();
        continue;
      }
      Name name = Name.of(component.getBytes(StandardCharsets.ISO_8859_1));
      try (OpenPath parent = OpenPath.walk(root, done)) {
        Optional<FileStat> found = parent.dir().find(name);
        if (found.isEmpty()) {
          return Optional.empty();
        }
        if (found.get().isSymlink()) {
          if (++links > MAX_LINKS) {
            throw new LinuxException("open \"" + path + "\" in the root", Errno.ELOOP);
          }
          follow(parent.dir().readLink(name), todo, done);
        } else if (todo.isEmpty()) {
          return Optional.of(parent.dir().read(name).asStream());
        } else if (!found.get().isDirectory()) {
          return Optional.empty();
        } else {
          done.addLast(name);
        }
      }
    }
    return Optional.empty();
  }

  private static void follow(byte[] target, Deque<String> todo, Deque<Name> done) {
    if (target.length > 0 && target[0] == '/') {
      done.clear();
    }
    List<String> components = components(target);
    for (int i = components.size() - 1; i >= 0; i--) {
      todo.addFirst(components.get(i));
    }
  }

  /** The names of a path, one character per byte, {@code ..} among them. */
  private static List<String> components(byte[] path) {
    String text = new String(path, StandardCharsets.ISO_8859_1);
    return Stream.of(text.split("/", -1)).filter(c -> !c.isEmpty() && !c.equals(".")).toList();
  }

  /** A directory reached name by name, and what has to be closed after it. */
  private record OpenPath(Dir dir, Closing opened) implements AutoCloseable {
    static OpenPath walk(Dir root, Deque<Name> names) throws IOException {
      Closing opened = new Closing();
      Dir at = root;
      try {
        for (Name name : names) {
          at = opened.add(at.open(name));
        }
        return new OpenPath(at, opened);
      } catch (IOException e) {
        opened.closeAfter(e);
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      opened.close();
    }
  }
}

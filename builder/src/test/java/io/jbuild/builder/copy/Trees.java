package io.jbuild.builder.copy;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Trees written as words: {@code d/} a directory, {@code f} a file whose content is its path,
 * {@code f=x} one with content x, {@code l>t} a link, {@code h#f} a hard link to f in the same
 * directory, {@code p|} a FIFO, {@code s~} a socket; {@code @640,1,2} behind a word gives mode,
 * user and group.
 */
final class Trees {
  /** What files in these trees were last modified at. */
  static final Timestamp TIME = Timestamp.ofSeconds(1_000_000_000);

  private Trees() {}

  static void fill(Dir root, String words) throws IOException {
    for (String word : words.split(" ", -1)) {
      if (!word.isEmpty()) {
        int at = word.indexOf('@');
        String what = at < 0 ? word : word.substring(0, at);
        add(root, what, at < 0 ? "" : word.substring(at + 1));
      }
    }
  }

  private static void add(Dir root, String word, String attributes) throws IOException {
    String path = word.replaceFirst("[=>#|~].*", "");
    TreePath place = TreePath.parse(path);
    Deque<Dir> open = new ArrayDeque<>();
    Dir parent = root;
    for (Name name : place.parent().orElseThrow().names()) {
      parent = parent.find(name).isPresent() ? parent.open(name) : parent.makeDir(name, 0755);
      open.push(parent);
    }
    make(parent, place.name(), path, word.substring(path.length()));
    if (!attributes.isEmpty()) {
      String[] values = attributes.split(",", -1);
      if (values.length == 3) {
        parent.setOwner(place.name(), Long.parseLong(values[1]), Long.parseLong(values[2]));
      }
      parent.setPermissions(place.name(), Integer.parseInt(values[0], 8));
    }
    if (!word.contains("#")) {
      parent.setTimes(place.name(), TIME);
    }
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private static void make(Dir parent, Name name, String path, String rest) throws IOException {
    if (path.endsWith("/")) {
      if (parent.find(name).isEmpty()) {
        parent.makeDir(name, 0755).close();
      }
    } else if (rest.startsWith(">")) {
      parent.symlink(name, rest.substring(1).getBytes(StandardCharsets.UTF_8));
    } else if (rest.equals("|") || rest.equals("~")) {
      FileType type = rest.equals("|") ? FileType.FIFO : FileType.SOCKET;
      parent.makeNode(name, type, 0644, DeviceNumber.NONE);
    } else if (rest.startsWith("#")) {
      parent.link(name, parent, Name.of(rest.substring(1)));
    } else {
      byte[] content =
          (rest.startsWith("=") ? rest.substring(1) : path).getBytes(StandardCharsets.UTF_8);
      try (OutputFile file = parent.create(name, 0644)) {
        file.write(content, 0, content.length);
      }
    }
  }

  /** The tree in the same words, every attribute that is not the usual one included. */
  static String show(Dir root) throws IOException {
    StringBuilder text = new StringBuilder();
    show(root, "", text);
    return text.toString().strip();
  }

  private static void show(Dir dir, String path, StringBuilder text) throws IOException {
    for (Name name : dir.list()) {
      FileStat stat = dir.stat(name);
      String child = path + name;
      boolean directory = stat.isDirectory();
      text.append(' ').append(child).append(content(dir, name, stat, child));
      int usual = directory ? 0755 : stat.isSymlink() ? 0777 : 0644;
      if (stat.uid() != 0 || stat.gid() != 0) {
        text.append(String.format("@%o,%d,%d", stat.permissions(), stat.uid(), stat.gid()));
      } else if (stat.permissions() != usual) {
        text.append(String.format("@%o", stat.permissions()));
      }
      if (directory) {
        try (Dir below = dir.open(name)) {
          show(below, child + "/", text);
        }
      }
    }
  }

  private static String content(Dir dir, Name name, FileStat stat, String path) throws IOException {
    if (stat.isDirectory()) {
      return "/";
    }
    if (stat.type() == FileType.FIFO) {
      return "|";
    }
    if (stat.isSymlink()) {
      return ">" + new String(dir.readLink(name), StandardCharsets.UTF_8);
    }
    try (InputFile file = dir.read(name)) {
      String content = new String(file.asStream().readAllBytes(), StandardCharsets.UTF_8);
      return content.equals(path) ? "" : "=" + content;
    }
  }
}

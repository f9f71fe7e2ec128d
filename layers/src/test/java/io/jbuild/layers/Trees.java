package io.jbuild.layers;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Trees as text, and random ones. */
final class Trees {
  private Trees() {}

  /**
   * One line for everything in a directory: path, type, mode, owner, time, attributes, content,
   * hard links.
   */
  static List<String> describe(Dir root) throws IOException {
    List<String> lines = new ArrayList<>();
    describe(root, TreePath.ROOT, lines, new HashMap<>());
    return lines;
  }

  private static void describe(Dir dir, TreePath path, List<String> lines, Map<Long, TreePath> seen)
      throws IOException {
    for (Name name : dir.list()) {
      FileStat stat = dir.stat(name);
      TreePath child = path.resolve(name);
      StringBuilder line = new StringBuilder();
      line.append(child).append(' ').append(Whiteouts.isWhiteout(stat) ? "whiteout" : stat.type());
      if (!Whiteouts.isWhiteout(stat)) {
        line.append(
            String.format(
                " %o %d:%d @%d",
                stat.isSymlink() ? 0777 : stat.permissions(),
                stat.uid(),
                stat.gid(),
                stat.modified().seconds()));
      }
      for (Map.Entry<String, byte[]> each : dir.xattrs(name).entrySet()) {
        line.append(' ')
            .append(each.getKey())
            .append('=')
            .append(new String(each.getValue(), StandardCharsets.ISO_8859_1));
      }
      if (stat.type().isDevice()) {
        line.append(' ').append(stat.rdev());
      }
      if (stat.isSymlink()) {
        line.append(" -> ").append(new String(dir.readLink(name), StandardCharsets.ISO_8859_1));
      }
      if (stat.isRegular()) {
        try (InputFile file = dir.read(name)) {
          byte[] content = file.asStream().readAllBytes();
          line.append(' ')
              .append(content.length)
              .append(' ')
              .append(Digest.sha256(content).shortHex());
        }
      }
      if (!stat.isDirectory() && stat.linkCount() > 1) {
        TreePath first = seen.putIfAbsent(stat.inode(), child);
        line.append(first == null ? "" : " = " + first);
      }
      lines.add(line.toString());
      if (stat.isDirectory()) {
        try (Dir below = dir.open(name)) {
          describe(below, child, lines, seen);
        }
      }
    }
  }

  /** Fills a layer with everything that a layer can hold. */
  static LayerSummary random(Dir root, long seed, int size) throws IOException {
    Random random = new Random(seed);
    try (LayerWriter writer = new LayerWriter(root)) {
      List<TreePath> files = new ArrayList<>();
      fill(writer, TreePath.ROOT, random, size, 0, files);
      return writer.finish();
    }
  }

  private static void fill(
      LayerWriter writer, TreePath dir, Random random, int size, int depth, List<TreePath> files)
      throws IOException {
    TreeMap<Name, Boolean> names = new TreeMap<>();
    for (int i = random.nextInt(size) + 1; i > 0; i--) {
      names.put(name(random), true);
    }
    for (Name name : names.keySet()) {
      TreePath path = dir.resolve(name);
      Attributes attributes = attributes(random);
      switch (random.nextInt(depth > 5 ? 7 : 10)) {
        case 0 ->
            writer.symlink(
                path, attributes, ("../" + random.nextInt()).getBytes(StandardCharsets.UTF_8));
        case 1 -> writer.whiteout(path);
        case 2 ->
            writer.node(
                path, attributes, io.jbuild.linux.FileType.FIFO, io.jbuild.linux.DeviceNumber.NONE);
        case 3 -> {
          if (files.isEmpty()) {
            writer.node(
                path,
                attributes,
                io.jbuild.linux.FileType.CHARACTER_DEVICE,
                new io.jbuild.linux.DeviceNumber(1, 3));
          } else {
            // A link carries its file's attributes; the test trees link only files that all look
            // the same.
            writer.hardLink(path, LINKED, files.get(random.nextInt(files.size())));
          }
        }
        case 4 -> {
          writer.file(path, LINKED, 3, new ByteArrayInputStream(new byte[] {1, 2, 3}));
          files.add(path);
        }
        case 5, 6 -> {
          byte[] content =
              new byte[random.nextInt(4) == 0 ? random.nextInt(300_000) : random.nextInt(2000)];
          random.nextBytes(content);
          writer.file(path, attributes, content.length, new ByteArrayInputStream(content));
        }
        default -> {
          writer.directory(path, attributes);
          if (random.nextInt(5) == 0) {
            writer.opaque(path);
          }
          fill(writer, path, random, size, depth + 1, files);
        }
      }
    }
  }

  private static final Attributes LINKED =
      new Attributes(
          04711, 7, 8, io.jbuild.linux.Timestamp.ofSeconds(77), Collections.emptySortedMap());

  private static Attributes attributes(Random random) {
    SortedMap<String, byte[]> xattrs = Collections.emptySortedMap();
    return new Attributes(
        random.nextInt(010000),
        random.nextInt(70_000),
        random.nextInt(70_000),
        io.jbuild.linux.Timestamp.ofSeconds(random.nextInt()),
        xattrs);
  }

  private static Name name(Random random) {
    byte[] bytes =
        new byte[random.nextInt(10) == 0 ? 1 + random.nextInt(255) : 1 + random.nextInt(12)];
    for (int i = 0; i < bytes.length; i++) {
      do {
        bytes[i] = (byte) (random.nextInt(6) == 0 ? random.nextInt(256) : 'a' + random.nextInt(26));
      } while (bytes[i] == 0 || bytes[i] == '/' || bytes[i] == '.');
    }
    return Name.of(bytes);
  }
}

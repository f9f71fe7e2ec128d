package io.jbuild.overlay;

import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that can be seen of a tree, as text, a line for each path. */
final class Fingerprint {
  private final SortedMap<String, String> lines = new TreeMap<>();

  static SortedMap<String, String> of(Dir root) throws IOException {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add("/", root.stat(), root.xattrs(), "");
    fingerprint.walk("", root);
    return fingerprint.lines;
  }

  private void walk(String path, Dir dir) throws IOException {
    for (Name name : dir.list()) {
      FileStat stat = dir.stat(name);
      String child = path + "/" + name;
      add(child, stat, dir.xattrs(name), content(dir, name, stat));
      if (stat.isDirectory()) {
        try (Dir open = dir.open(name)) {
          walk(child, open);
        }
      }
    }
  }

  private static String content(Dir dir, Name name, FileStat stat) throws IOException {
    if (stat.isRegular()) {
      try (InputFile file = dir.read(name)) {
        return stat.size() + " " + HexFormat.of().formatHex(file.asStream().readAllBytes());
      }
    }
    return stat.isSymlink() ? HexFormat.of().formatHex(dir.readLink(name)) : "";
  }

  private void add(String path, FileStat stat, SortedMap<String, byte[]> xattrs, String content) {
    StringBuilder line = new StringBuilder();
    line.append(stat.type()).append(' ').append(Integer.toOctalString(stat.permissions()));
    line.append(' ').append(stat.uid()).append(':').append(stat.gid());
    line.append(' ').append(stat.modified()).append(' ').append(stat.rdev());
    for (Map.Entry<String, byte[]> each : xattrs.entrySet()) {
      line.append(' ').append(each.getKey()).append('=');
      line.append(HexFormat.of().formatHex(each.getValue()));
    }
    lines.put(path, line.append(' ').append(content).toString());
  }
}

package io.jbuild.builder.libs;

import io.jbuild.builder.match.InvalidPatternException;
import io.jbuild.builder.match.PathPattern;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directories that a system adds to the loader's own: {@code /etc/ld.so.conf} with its
 * includes, for musl {@code /etc/ld-musl-ARCH.path}. The cache that ldconfig makes of them is not
 * read: it is derived, and may be stale.
 */
final class LoaderConfig {
  private static final int MAX_FILE = 1 << 20;
  private static final int MAX_DIRS = 4096;
  private static final int MAX_DEPTH = 16;

  private final TreeView tree;
  private final Set<String> dirs = new LinkedHashSet<>();

  private LoaderConfig(TreeView tree) {
    this.tree = tree;
  }

  static List<String> glibc(TreeView tree) throws IOException {
    LoaderConfig config = new LoaderConfig(tree);
    config.readConf(TreePath.parse("/etc/ld.so.conf"), 0);
    return List.copyOf(config.dirs);
  }

  /** musl replaces its default directories by those of the file. */
  static List<String> musl(TreeView tree, String loader) throws IOException {
    String arch = loader.replaceFirst("^ld-musl-", "").replaceFirst("\\.so\\.1$", "");
    Optional<String> text = read(tree, TreePath.parse("/etc/ld-musl-" + arch + ".path"));
    if (text.isEmpty()) {
      return List.of("/lib", "/usr/local/lib", "/usr/lib");
    }
    List<String> dirs = new ArrayList<>();
    for (String dir : text.get().split("[:\n]", -1)) {
      if (!dir.isBlank() && dirs.size() < MAX_DIRS) {
        dirs.add(dir.strip());
      }
    }
    return List.copyOf(dirs);
  }

  private void readConf(TreePath file, int depth) throws IOException {
    Optional<String> text = read(tree, file);
    if (text.isEmpty() || depth > MAX_DEPTH) {
      return;
    }
    for (String line : text.get().split("\n", -1)) {
      String words = line.replaceFirst("#.*", "").strip();
      if (words.startsWith("include ") || words.startsWith("include\t")) {
        for (String pattern : words.substring(8).strip().split("\\s+", -1)) {
          if (!pattern.isEmpty()) {
            include(pattern, depth);
          }
        }
      } else if (!words.startsWith("hwcap ")) {
        addDirs(words);
      }
    }
  }

  private void addDirs(String words) {
    for (String dir : words.split("[\\s:,]+", -1)) {
      if (dir.startsWith("/") && dirs.size() < MAX_DIRS) {
        dirs.add(dir.replaceFirst("=.*", ""));
      }
    }
  }

  /** Wildcards are followed in the last component, where every system has them. */
  private void include(String pattern, int depth) throws IOException {
    String absolute = pattern.startsWith("/") ? pattern : "/etc/" + pattern;
    String last = Texts.baseName(absolute);
    TreePath dir = Texts.path(absolute.substring(0, absolute.length() - last.length()));
    TreeView.Resolved found = tree.resolve(dir);
    if (found.stat().filter(FileStat::isDirectory).isEmpty()) {
      return;
    }
    PathPattern names;
    try {
      names = PathPattern.compile(last);
    } catch (InvalidPatternException e) {
      return; // as ldconfig: a pattern that matches nothing
    }
    for (Name name : tree.list(found.path())) {
      if (names.matches(Texts.text(name.bytes()))) {
        readConf(found.path().resolve(name), depth + 1);
      }
    }
  }

  private static Optional<String> read(TreeView tree, TreePath path) throws IOException {
    TreeView.Resolved found = tree.resolve(path);
    if (found.stat().filter(FileStat::isRegular).isEmpty()) {
      return Optional.empty();
    }
    try (InputFile file = tree.read(found.path())) {
      return Optional.of(Texts.text(file.asStream().readNBytes(MAX_FILE)));
    }
  }
}

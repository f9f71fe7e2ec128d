package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContentDigest;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.layers.Attributes;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * Puts loaders and libraries at the paths where programs look for them. The path is walked in the
 * source and in the image at once: links of the source ({@code /lib64 -> usr/lib64}, {@code
 * libc.so.6 -> libc-2.31.so}) are made where nothing is in their place, directories and links of
 * the image are used where they are. A different file of the same path stays untouched: that is an
 * error.
 */
final class LibraryPlacer {
  private static final int MAX_LINKS = 40;

  private final Destination destination;
  private final Attributes made;
  private final Map<Item, TreePath> programs;

  LibraryPlacer(Destination destination, Attributes made, Map<Item, TreePath> programs) {
    this.destination = destination;
    this.made = made;
    this.programs = programs;
  }

  void place(LibraryFile library) throws IOException, UserException {
    if (library.program() == null) {
      new Walk(library.item()).go(library.source());
      return;
    }
    TreePath program = programs.get(library.program());
    if (program == null) {
      throw new IllegalStateException(library.program().path + " was not placed");
    }
    TreePath wanted = library.place().in(program.parent().orElse(TreePath.ROOT));
    if (wanted.equals(library.source())) {
      new Walk(library.item()).go(wanted);
    } else {
      beside(library.item(), wanted);
    }
  }

  /** For a program that has moved: the file itself, without the links that led to it. */
  private void beside(Item item, TreePath wanted) throws IOException, UserException {
    TreePath directory = destination.below().resolve(wanted.parent().orElse(TreePath.ROOT)).path();
    put(directory.resolve(wanted.name()), item);
  }

  private void put(TreePath path, Item item) throws IOException, UserException {
    if (isThere(path, item)) {
      return;
    }
    destination.put(path, item, AttributeRules.ofLibrary(item), made);
  }

  /** Whether the image has the same file already; another one is not replaced. */
  private boolean isThere(TreePath path, Item item) throws IOException, UserException {
    Optional<Target> planned = destination.planned(path);
    if (planned.isPresent()) {
      Target target = planned.get();
      if (target.isDirectory()
          || !target.item().stat().isRegular()
          || !target.item().digest().equals(item.digest())) {
        throw differs(path, item);
      }
      return true;
    }
    Optional<FileType> type = destination.typeAt(path);
    if (type.isEmpty()) {
      return false;
    }
    if (type.get() != FileType.REGULAR
        || !digest(destination.below(), path).equals(item.digest())) {
      throw differs(path, item);
    }
    return true;
  }

  private static ContentDigest digest(TreeView tree, TreePath path) throws IOException {
    MessageDigest sha256 = ContentDigest.sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputFile file = tree.read(path)) {
      for (int got = file.read(buffer, 0, buffer.length);
          got >= 0;
          got = file.read(buffer, 0, buffer.length)) {
        sha256.update(buffer, 0, got);
      }
    }
    return ContentDigest.from(sha256);
  }

  private static UserException differs(TreePath path, Item item) {
    return new UserException(
        "\""
            + path
            + "\" of the image is not the one that a copied program needs from "
            + item.tree().name(),
        "copy onto an empty image, or onto the one that the program was built for");
  }

  /** One path, walked in two trees. */
  private final class Walk {
    private final Item item;
    private final SourceTree tree;
    private final Deque<byte[]> pending = new ArrayDeque<>();
    private TreePath source = TreePath.ROOT;
    private TreePath image = TreePath.ROOT;
    private int links;

    Walk(Item item) {
      this.item = item;
      this.tree = item.tree();
    }

    void go(TreePath path) throws IOException, UserException {
      push(path.bytes());
      while (!pending.isEmpty()) {
        byte[] component = pending.pop();
        if (Arrays.equals(component, new byte[] {'.', '.'})) {
          source = source.parent().orElse(TreePath.ROOT);
          image = image.parent().orElse(TreePath.ROOT);
        } else {
          step(Name.of(component));
        }
      }
    }

    private void step(Name name) throws IOException, UserException {
      TreePath from = source.resolve(name);
      TreePath to = image.resolve(name);
      FileStat stat =
          tree.view()
              .lookup(from)
              .orElseThrow(() -> new IOException("\"" + from + "\" has vanished"));
      if (stat.isSymlink()) {
        link(from, to, stat);
      } else if (stat.isDirectory()) {
        source = from;
        image = enter(to);
      } else {
        put(follow(to), item);
      }
    }

    private void link(TreePath from, TreePath to, FileStat stat) throws IOException, UserException {
      if (++links > MAX_LINKS) {
        throw new UserException("too many symbolic links at \"" + from + "\"");
      }
      byte[] target = tree.view().readLink(from);
      Optional<FileType> there = destination.typeAt(to);
      if (there.isEmpty()) {
        Item link = new Item(tree, from, stat);
        link.setLinkTarget(target);
        destination.put(to, link, AttributeRules.ofLibrary(link), made);
      } else if (!isSameLink(to, there.get(), target)) {
        TreeView.Resolved end = tree.view().resolve(from);
        if (pending.isEmpty()) {
          put(follow(to), item);
        } else {
          source = end.path();
          image = enter(to);
        }
        return;
      }
      if (target.length > 0 && target[0] == '/') {
        source = TreePath.ROOT;
        image = TreePath.ROOT;
      }
      push(target);
    }

    private boolean isSameLink(TreePath path, FileType type, byte[] target) throws IOException {
      if (type != FileType.SYMLINK) {
        return false;
      }
      Optional<Target> planned = destination.planned(path);
      byte[] there =
          planned.isPresent()
              ? planned.get().item().linkTarget()
              : destination.below().readLink(path);
      return Arrays.equals(there, target);
    }

    /** The image's directory at a path, through its own links. */
    private TreePath enter(TreePath path) throws IOException, UserException {
      TreePath end = follow(path);
      destination.directory(end, made);
      return end;
    }

    private TreePath follow(TreePath path) throws IOException {
      Optional<FileType> type = destination.typeAt(path);
      return type.filter(found -> found == FileType.SYMLINK).isPresent()
              && destination.planned(path).isEmpty()
          ? destination.below().resolve(path).path()
          : path;
    }

    private void push(byte[] text) {
      String path = new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
      String[] components = path.split("/", -1);
      for (int i = components.length - 1; i >= 0; i--) {
        if (!components[i].isEmpty() && !components[i].equals(".")) {
          pending.push(components[i].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
      }
    }
  }
}

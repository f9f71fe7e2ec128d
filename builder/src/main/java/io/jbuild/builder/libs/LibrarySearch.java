package io.jbuild.builder.libs;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds libraries as the loaders of glibc and musl do.
 *
 * @see <a href="https://man7.org/linux/man-pages/man8/ld.so.8.html">ld.so(8)</a>
 */
final class LibrarySearch {
  private final TreeView tree;
  private final boolean musl;
  private final List<String> configured;
  private final Map<TreePath, Optional<ElfFile>> known = new HashMap<>();

  /** {@code loader} is the base name of the program's interpreter. */
  LibrarySearch(TreeView tree, String loader) throws IOException {
    this.tree = tree;
    this.musl = loader.startsWith("ld-musl-");
    this.configured = musl ? LoaderConfig.musl(tree, loader) : LoaderConfig.glibc(tree);
  }

  /** musl is one file: these names all mean the loader itself. */
  boolean isInLoader(String library) {
    return musl && library.matches("lib(c|pthread|rt|m|dl|util|xnet)\\.so(\\.[0-9]+)?");
  }

  /** The library that {@code by} gets for a name, with the file it was found at. */
  Optional<Found> find(String name, Loaded by) throws IOException {
    if (name.contains("/")) {
      return at(
          Loaded.SearchDir.absolute(name.substring(0, name.lastIndexOf('/'))),
          Texts.baseName(name),
          by);
    }
    for (Loaded.SearchDir dir : dirs(by)) {
      Optional<Found> found = at(dir, name, by);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** A library: where it was found, still through links, and as what. */
  record Found(Companion companion, Loaded loaded) {}

  private Optional<Found> at(Loaded.SearchDir dir, String name, Loaded by) throws IOException {
    TreePath asFound = Texts.path(dir.source() + "/" + name);
    TreeView.Resolved file = tree.resolve(asFound);
    if (file.stat().filter(FileStat::isRegular).isEmpty()) {
      return Optional.empty();
    }
    Optional<ElfFile> elf = elf(file.path());
    if (elf.isEmpty() || !elf.get().kind().equals(by.elf().kind())) {
      return Optional.empty(); // the loader goes on searching past a library for another processor
    }
    TreePath directory = tree.resolve(asFound.parent().orElse(TreePath.ROOT)).path();
    Place origin =
        dir.place().program() == Place.ABSOLUTE ? Place.at(Texts.text(directory)) : dir.place();
    return Optional.of(
        new Found(
            new Companion(asFound, dir.place().resolve(name)),
            new Loaded(file.path(), directory, origin, elf.get(), by)));
  }

  private Optional<ElfFile> elf(TreePath path) throws IOException {
    Optional<ElfFile> elf = known.get(path);
    if (elf == null) {
      elf = ElfReader.read(tree, path);
      known.put(path, elf);
    }
    return elf;
  }

  private List<Loaded.SearchDir> dirs(Loaded by) {
    List<Loaded.SearchDir> dirs = new ArrayList<>();
    if (musl || by.elf().runpath().isEmpty()) {
      for (@Nullable Loaded file = by; file != null; file = file.loader()) {
        dirs.addAll(file.expand(file.elf().rpath()));
        if (musl) {
          dirs.addAll(file.expand(file.elf().runpath()));
        }
      }
    }
    if (!musl) {
      dirs.addAll(by.expand(by.elf().runpath()));
    }
    configured.forEach(dir -> dirs.add(Loaded.SearchDir.absolute(dir)));
    if (!musl && by.elf().defaultDirs()) {
      ElfMachine.defaultDirs(by.elf().kind())
          .forEach(dir -> dirs.add(Loaded.SearchDir.absolute(dir)));
    }
    return dirs;
  }
}

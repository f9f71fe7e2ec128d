package io.jbuild.builder.libs;

import io.jbuild.builder.UserException;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files that programs of a tree need to start: loader and libraries of an ELF program,
 * interpreter of a script with its own needs. Not among them is what a program opens by itself
 * later: plug-ins, name service modules, data.
 */
public final class ProgramClosure {
  /** The kernel follows as many interpreters of interpreters. */
  private static final int MAX_SCRIPTS = 4;

  private static final int MAX_FILES = 4096;

  private final TreeView tree;
  private final String treeName;
  private final Set<Companion> companions = new LinkedHashSet<>();
  private final Map<String, LibrarySearch> searches = new HashMap<>();

  private ProgramClosure(TreeView tree, String treeName) {
    this.tree = tree;
    this.treeName = treeName;
  }

  /**
   * What these files need, without the files themselves. A file that is neither ELF nor a script
   * needs nothing.
   *
   * @param programs paths of regular files without symbolic links; a {@link Place} counts them from
   *     0
   * @param treeName for messages
   */
  public static List<Companion> of(TreeView tree, String treeName, List<TreePath> programs)
      throws IOException, UserException {
    ProgramClosure closure = new ProgramClosure(tree, treeName);
    for (int i = 0; i < programs.size(); i++) {
      closure.add(programs.get(i), new Place(i, "."), MAX_SCRIPTS);
    }
    return List.copyOf(closure.companions);
  }

  private void add(TreePath file, Place origin, int scripts) throws IOException, UserException {
    Optional<ElfFile> elf = ElfReader.read(tree, file);
    if (elf.isPresent()) {
      TreePath directory = file.parent().orElse(TreePath.ROOT);
      addNeeds(new Loaded(file, directory, origin, elf.get(), null));
      return;
    }
    Optional<Shebang> script = shebang(file);
    if (script.isPresent() && scripts > 0) {
      addScript(file, script.get(), scripts - 1);
    }
  }

  private Optional<Shebang> shebang(TreePath file) throws IOException {
    try (FileBytes bytes = new FileBytes(tree, file)) {
      return Shebang.parse(bytes.upTo(0, Shebang.LIMIT));
    }
  }

  private void addScript(TreePath script, Shebang line, int scripts)
      throws IOException, UserException {
    addProgram(line.interpreter(), script, scripts);
    if (line.command().isPresent()) {
      String command = line.command().get();
      if (command.startsWith("/")) {
        addProgram(command, script, scripts);
      } else {
        addProgram(inPath(command, script), script, scripts);
      }
    }
  }

  private String inPath(String command, TreePath script) throws IOException, UserException {
    for (String dir : Shebang.PATH) {
      if (isFile(tree.resolve(Texts.path(dir + "/" + command)))) {
        return dir + "/" + command;
      }
    }
    throw missing(command, script);
  }

  /** A program that stays at its own path in the image. */
  private void addProgram(String path, TreePath neededBy, int scripts)
      throws IOException, UserException {
    TreeView.Resolved file = tree.resolve(Texts.path(path));
    if (!isFile(file)) {
      throw missing(path, neededBy);
    }
    if (keep(new Companion(Texts.path(path), Place.at(path)))) {
      TreePath directory = file.path().parent().orElse(TreePath.ROOT);
      add(file.path(), Place.at(Texts.text(directory)), scripts);
    }
  }

  private void addNeeds(Loaded program) throws IOException, UserException {
    Optional<String> interpreter = program.elf().interpreter();
    if (interpreter.isPresent()) {
      if (!isFile(tree.resolve(Texts.path(interpreter.get())))) {
        throw missing(interpreter.get(), program.path());
      }
      keep(new Companion(Texts.path(interpreter.get()), Place.at(interpreter.get())));
    }
    String loader = Texts.baseName(interpreter.orElse(""));
    LibrarySearch search = search(loader);
    Set<String> loaded = new HashSet<>(Collections.singleton(loader));
    Deque<Loaded> open = new ArrayDeque<>(List.of(program));
    while (!open.isEmpty()) {
      Loaded file = open.remove();
      for (String name : file.elf().needed()) {
        if (loaded.add(name) && !search.isInLoader(name)) {
          LibrarySearch.Found found =
              search.find(name, file).orElseThrow(() -> missing(name, file.path()));
          keep(found.companion());
          open.add(found.loaded());
        }
      }
    }
  }

  private LibrarySearch search(String loader) throws IOException {
    LibrarySearch search = searches.get(loader);
    if (search == null) {
      search = new LibrarySearch(tree, loader);
      searches.put(loader, search);
    }
    return search;
  }

  private boolean keep(Companion companion) throws IOException {
    if (companions.size() >= MAX_FILES) {
      throw new BadElfException("more than " + MAX_FILES + " files are needed");
    }
    return companions.add(companion);
  }

  private static boolean isFile(TreeView.Resolved found) {
    return found.stat().filter(FileStat::isRegular).isPresent();
  }

  private UserException missing(String what, TreePath neededBy) {
    return new UserException(
        "\"" + neededBy + "\" needs \"" + what + "\", which is not in " + treeName,
        "copy the program without --with-libs, or add the package that has the missing file");
  }
}

package io.jbuild.builder.extend;

import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds and reads the files that INCLUDE names, within limits. */
final class Includes {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_FILES = 1000;
  private static final int MAX_FILE = 1 << 20;
  private static final int MAX_TOTAL = 16 << 20;

  private final IncludeFiles files;
  private int count;
  private long total;

  Includes(IncludeFiles files) {
    this.files = files;
  }

  /**
   * The path of a file of the context: without empty names, and never out of it.
   *
   * @param written absolute paths begin at the context's root, as those of COPY do
   */
  static String path(String written, Origin origin) throws BuildfileException {
    List<String> names = new ArrayList<>();
    for (String name : written.split("/", -1)) {
      if (name.equals("..")) {
        throw origin.error(
            "INCLUDE \"" + written + "\" leads up",
            "paths are those of the build context, whatever file includes");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    if (names.isEmpty() || written.endsWith("/") || written.indexOf('\0') >= 0) {
      throw origin.error("INCLUDE \"" + written + "\" names no file");
    }
    return String.join("/", names);
  }

  /**
   * Reads a file.
   *
   * @param chain the files that are being read, outermost first
   */
  SyntaxTree read(String path, Origin origin, char escape, List<String> chain)
      throws IOException, BuildfileException {
    if (chain.contains(path)) {
      throw origin.error("INCLUDE goes in a circle: " + String.join(" -> ", chain) + " -> " + path);
    }
    if (chain.size() > MAX_DEPTH) {
      throw origin.error("INCLUDE is nested more than " + MAX_DEPTH + " deep");
    }
    if (++count > MAX_FILES) {
      throw origin.error("a build includes at most " + MAX_FILES + " files");
    }
    byte[] bytes = bytes(path, origin);
    total += bytes.length;
    if (bytes.length > MAX_FILE || total > MAX_TOTAL) {
      String limit = bytes.length > MAX_FILE ? "1 MiB" : "16 MiB together";
      throw origin.error("INCLUDE \"" + path + "\": included files are at most " + limit);
    }
    SyntaxTree tree =
        Parser.parseIncluded(Source.included(path, bytes, origin.source(), origin.range()));
    if (tree.directives().escape() != escape) {
      throw origin.error(
          "INCLUDE \"" + path + "\": its escape character is another one",
          "give both files the same # escape= directive");
    }
    return tree;
  }

  private byte[] bytes(String path, Origin origin) throws IOException, BuildfileException {
    try {
      Optional<byte[]> found = files.read(path);
      if (found.isEmpty()) {
        throw origin.error(
            "INCLUDE \"" + path + "\": there is no such file in the build context",
            "paths begin at the root of the context");
      }
      return found.get();
    } catch (UserException e) {
      BuildfileException error = origin.error("INCLUDE \"" + path + "\": " + e.getMessage());
      error.initCause(e);
      throw error;
    }
  }
}

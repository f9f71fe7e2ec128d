package io.jbuild.builder.extend;

import io.jbuild.builder.parse.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One file while it is read: what it turns out to be is known by its first instructions. */
final class FileFrame {
  /** How a file's instructions belong to stages. */
  enum Kind {
    /** The Buildfile, or what it includes before the first FROM: all as if written there. */
    OPEN,
    /** Goes on in the stage that includes it, or might: nothing but ARGs has been seen. */
    PART,
    /** Has stages of its own. */
    STAGES
  }

  final @Nullable FileFrame outer;
  final String path;
  final @Nullable Node include;
  final KnownArgs scopeAround;
  final int mark;
  Kind kind;

  /** Whether something but ARGs was put into the stage of the file that includes this. */
  boolean settled;

  /** With {@link Kind#STAGES}: the ARGs before the first FROM, for FROM lines and stages. */
  Map<String, String> own = new LinkedHashMap<>();

  /**
   * @param include the instruction that names the file; none for the Buildfile
   * @param mark how many nodes there were before
   */
  FileFrame(
      @Nullable FileFrame outer,
      String path,
      @Nullable Node include,
      KnownArgs scopeAround,
      int mark,
      Kind kind) {
    this.outer = outer;
    this.path = path;
    this.include = include;
    this.scopeAround = scopeAround;
    this.mark = mark;
    this.kind = kind;
  }

  /** The paths from the Buildfile to here. */
  List<String> chain() {
    List<String> chain = outer == null ? new ArrayList<>() : outer.chain();
    chain.add(path);
    return chain;
  }
}

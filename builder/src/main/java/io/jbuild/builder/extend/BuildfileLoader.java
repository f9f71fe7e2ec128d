package io.jbuild.builder.extend;

import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.io.IOException;
import java.util.Optional;

/** Reads a Buildfile of either language, as one build takes it. */
public final class BuildfileLoader {
  private BuildfileLoader() {}

  /** The instructions that this build takes: of another platform they may be others. */
  public static Buildfile load(Source source, BuildFacts facts)
      throws IOException, BuildfileException {
    return Buildfile.of(expand(source, facts));
  }

  /** The nodes that {@link Buildfile#of} reads: included files in their place, branches taken. */
  public static SyntaxTree expand(Source source, BuildFacts facts)
      throws IOException, BuildfileException {
    Optional<String> syntax = Optional.ofNullable(facts.buildArgs().get("BUILDKIT_SYNTAX"));
    SyntaxTree tree = Parser.parse(source, syntax);
    return tree.extended() ? new Extender(tree, facts).expand() : tree;
  }
}

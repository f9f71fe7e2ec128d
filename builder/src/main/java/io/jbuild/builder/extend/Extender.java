package io.jbuild.builder.extend;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.expand.ExpansionException;
import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.ComputedArg;
import io.jbuild.builder.instruction.EnterInclude;
import io.jbuild.builder.instruction.Env;
import io.jbuild.builder.instruction.From;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.KeyValue;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Shell;
import io.jbuild.builder.instruction.Unset;
import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Suggestion;
import io.jbuild.builder.source.Warning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts the nodes of a build in a row: those of included files in the place of their INCLUDE, of the
 * branches of an IF those that are taken. Used once.
 *
 * <p>INCLUDE stays as a node, and END comes where it ends: between them the ARGs around it are out
 * of sight.
 */
final class Extender {
  /** Included files can multiply; no real build has so many. */
  private static final int MAX_NODES = 100_000;

  private final SyntaxTree tree;
  private final char escape;
  private final Includes includes;
  private final GlobalValues globals;
  private final List<Node> out = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final StageScopes stages;
  private FileFrame frame;
  private KnownArgs scope;
  private KnownArgs stageBase;
  private Optional<String> stage = Optional.empty();
  private Optional<Node> enteredBy = Optional.empty();
  private boolean begun;
  private Optional<String> endedWith = Optional.empty();
  private int taken;

  Extender(SyntaxTree tree, BuildFacts facts) {
    this.tree = tree;
    this.escape = tree.directives().escape();
    this.includes = new Includes(facts.files());
    this.globals = new GlobalValues(facts);
    this.stages = new StageScopes(globals);
    this.scope = KnownArgs.begin(globals);
    this.stageBase = scope;
    this.frame = new FileFrame(null, tree.source().name(), null, scope, 0, FileFrame.Kind.OPEN);
  }

  /**
   * The same file with plain nodes, those of UNSET and computed ARGs, and marks of included files.
   */
  SyntaxTree expand() throws IOException, BuildfileException {
    file(tree);
    return new SyntaxTree(tree.source(), tree.directives(), true, out, warnings);
  }

  private void file(SyntaxTree file) throws IOException, BuildfileException {
    warnings.addAll(file.warnings());
    Branches branches = new Branches(escape);
    for (Node node : file.nodes()) {
      switch (node.keyword()) {
        case IF -> branches.begin(node, this::holds);
        case ELSE -> branches.next(node, this::holds);
        case END -> branches.end(node);
        default -> {
          if (branches.taken()) {
            take(node);
          } else {
            checkOnly(node);
          }
        }
      }
    }
    branches.checkClosed();
  }

  private Origin origin(Node node) {
    return new Origin(node.source(), node.range(), node.text(), escape);
  }

  private boolean holds(Condition condition, Node at) throws BuildfileException {
    Origin origin = origin(at);
    return condition.holds(
        new Condition.Lookup() {
          @Override
          public String word(String raw) throws BuildfileException {
            return scope.word(raw, origin);
          }

          @Override
          public boolean isDefined(String name) {
            return scope.isDefined(name);
          }

          @Override
          public BuildfileException error(String problem, String hint) {
            return origin.error(problem, hint);
          }
        });
  }

  /** What is not a part of this build has to be an instruction all the same. */
  private void checkOnly(Node node) throws BuildfileException {
    Instruction unused =
        Buildfile.instruction(
            FlagVariables.expand(withoutStrict(node), origin(node), (raw, at) -> "x"), escape);
  }

  private static Node withoutStrict(Node node) {
    return node.keyword() == Keyword.RUN
        ? node.withFlags(
            node.flags().stream().filter(flag -> !flag.name().equals("strict")).toList())
        : node;
  }

  private void take(Node node) throws IOException, BuildfileException {
    if (++taken > MAX_NODES) {
      throw origin(node).error("a build has at most " + MAX_NODES + " instructions");
    }
    switch (node.keyword()) {
      case INCLUDE -> include(node);
      case FROM -> from(node);
      case ARG -> arg(node);
      case RUN -> emit(run(node));
      case COPY, ADD -> emit(FlagVariables.expand(node, origin(node), scope::word));
      default -> setting(node);
    }
  }

  private void setting(Node node) throws BuildfileException {
    Instruction instruction = Buildfile.instruction(node, escape);
    emit(node);
    if (instruction instanceof Env env) {
      scope.set(env);
    } else if (instruction instanceof Unset unset) {
      scope.unset(unset);
    } else if (instruction instanceof Shell shell) {
      scope.setShell(Optional.of(shell.argv()));
    }
  }

  private Node run(Node node) throws BuildfileException {
    Node literal = FlagVariables.expand(node, origin(node), scope::word);
    Optional<Flag> strict =
        node.flags().stream().filter(flag -> flag.name().equals("strict")).findFirst();
    if (strict.isEmpty()) {
      return literal;
    }
    String value = strict.get().value().orElse("true").toLowerCase(Locale.ROOT);
    return switch (value) {
      case "true" -> StrictScript.of(withoutStrict(literal), scope.shell());
      case "false" -> withoutStrict(literal);
      default -> throw origin(node).error("--strict is true or false, not \"" + value + "\"");
    };
  }

  private void arg(Node node) throws BuildfileException {
    Node literal = FlagVariables.expand(node, origin(node), scope::word);
    Instruction instruction = Buildfile.instruction(literal, escape);
    if (instruction instanceof ComputedArg computed) {
      scope.declare(computed);
      emit(literal);
      return;
    }
    if (begun) {
      scope.declare((Arg) instruction);
    } else {
      globals.declare((Arg) instruction);
    }
    if (frame.kind != FileFrame.Kind.PART) {
      checkStage(node);
    }
    out.add(literal);
  }

  /** Puts an instruction into the stage; the files that it is in then go on in that stage. */
  private void emit(Node node) throws BuildfileException {
    for (FileFrame each = frame; each != null; each = each.outer) {
      each.settled = true;
    }
    checkStage(node);
    out.add(node);
  }

  private void checkStage(Node node) throws BuildfileException {
    if (endedWith.isPresent()) {
      throw origin(node)
          .error(
              "there is no stage here: those of \"" + endedWith.get() + "\" end with it",
              "begin one with FROM");
    }
  }

  private void include(Node node) throws IOException, BuildfileException {
    Origin origin = origin(node);
    EnterInclude include = (EnterInclude) Buildfile.instruction(node, escape);
    String path = Includes.path(scope.word(include.path(), origin), origin);
    SyntaxTree file = includes.read(path, origin, escape, frame.chain());
    Map<String, Optional<String>> values = values(include, file, path);
    FileFrame.Kind kind = begun ? FileFrame.Kind.PART : FileFrame.Kind.OPEN;
    if (!begun && !values.isEmpty()) {
      throw origin.error(
          "INCLUDE before the first FROM takes no values", "ARGs of \"" + path + "\" are global");
    }
    FileFrame inner = new FileFrame(frame, path, node, scope, out.size(), kind);
    frame = inner;
    if (begun) {
      out.add(node);
      scope = scope.enter(values);
    }
    file(file);
    leave(inner, node);
  }

  private Map<String, Optional<String>> values(EnterInclude include, SyntaxTree file, String path)
      throws BuildfileException {
    Set<String> declared = declared(file);
    Map<String, Optional<String>> values = new LinkedHashMap<>();
    for (KeyValue pair : include.values()) {
      if (!declared.contains(pair.key())) {
        throw include
            .origin()
            .error(
                "\"" + path + "\" has no ARG " + pair.key(),
                Suggestion.hint(pair.key(), declared)
                    .orElse("its ARGs: " + String.join(", ", declared)));
      }
      if (values.put(pair.key(), scope.find(pair.value(), include.origin())) != null) {
        throw include.origin().error(pair.key() + " is passed twice");
      }
    }
    return values;
  }

  /** All that the file declares, in whatever branch. */
  private Set<String> declared(SyntaxTree file) throws BuildfileException {
    Set<String> names = new TreeSet<>();
    for (Node node : file.nodes()) {
      if (node.arguments() instanceof Arguments.Computed computed) {
        names.add(computed.name());
      } else if (node.keyword() == Keyword.ARG
          && Buildfile.instruction(node, escape) instanceof Arg arg) {
        arg.definitions().forEach(definition -> names.add(definition.name()));
      }
    }
    return names;
  }

  private void leave(FileFrame inner, Node include) throws BuildfileException {
    switch (inner.kind) {
      case PART -> {
        checkStage(include);
        out.add(mark(include));
        inner.scopeAround.leave(scope);
        scope = inner.scopeAround;
      }
      case STAGES -> {
        endStage();
        endedWith = Optional.of(inner.path);
        scope = KnownArgs.begin(globals);
      }
      case OPEN -> {} // as if it had been written there
    }
    frame = outer(inner);
  }

  private static FileFrame outer(FileFrame inner) {
    if (inner.outer == null) {
      throw new IllegalStateException("the Buildfile is included by nobody");
    }
    return inner.outer;
  }

  private static Node mark(Node include) {
    return include.inItsPlace(Keyword.END, "", new Arguments.Text(""));
  }

  private void from(Node node) throws BuildfileException {
    ownStages(node);
    endStage();
    From from = (From) Buildfile.instruction(node, escape);
    Map<String, String> visible = new HashMap<>(globals.values());
    visible.putAll(frame.own);
    Node literal = frame.own.isEmpty() ? node : literal(node, visible);
    KnownArgs base = stages.begin(from, visible);
    begun = true;
    endedWith = Optional.empty();
    stage = from.name();
    out.add(literal);
    scope = base;
    stageBase = base;
    if (frame.kind == FileFrame.Kind.STAGES && frame.include != null) {
      out.add(entered(frame.include, frame.own));
      enteredBy = Optional.of(frame.include);
      Map<String, Optional<String>> own = new LinkedHashMap<>();
      frame.own.forEach((name, value) -> own.put(name, Optional.of(value)));
      scope = base.enter(own);
    }
  }

  /** A FROM line that needs no variable of its file any more. */
  private Node literal(Node node, Map<String, String> visible) throws BuildfileException {
    Origin origin = origin(node);
    List<Flag> flags = new ArrayList<>();
    for (Flag flag : node.flags()) {
      Optional<String> value = flag.value();
      flags.add(
          value.isPresent()
              ? new Flag(flag.name(), Optional.of(word(value.get(), visible, origin)), flag.range())
              : flag);
    }
    if (!(node.arguments() instanceof Arguments.Words words)) {
      return node;
    }
    List<Arguments.Word> expanded = new ArrayList<>(words.words());
    Arguments.Word base = expanded.get(0);
    String literal = Literal.of(word(base.text(), visible, origin), escape);
    expanded.set(0, new Arguments.Word(literal, base.range()));
    String body = String.join(" ", expanded.stream().map(Arguments.Word::text).toList());
    return node.withFlags(flags).withBody(body, new Arguments.Words(expanded));
  }

  private String word(String raw, Map<String, String> visible, Origin origin)
      throws BuildfileException {
    try {
      return new Expansion(visible, escape).word(raw);
    } catch (ExpansionException e) {
      BuildfileException error = origin.error(e.problem());
      error.initCause(e);
      throw error;
    }
  }

  private Node entered(Node include, Map<String, String> own) {
    List<Arguments.Word> words = new ArrayList<>();
    if (include.arguments() instanceof Arguments.Words written) {
      words.add(written.words().get(0));
    }
    own.forEach(
        (name, value) ->
            words.add(new Arguments.Word(name + "=" + Literal.of(value, escape), include.range())));
    String body = String.join(" ", words.stream().map(Arguments.Word::text).toList());
    return include.inItsPlace(Keyword.INCLUDE, body, new Arguments.Words(words));
  }

  /**
   * A FROM in an included file: if nothing but ARGs stand above it, they are the file's own global
   * ones, and the stage that was open ends with the file around.
   */
  private void ownStages(Node from) throws BuildfileException {
    FileFrame outermost = null;
    for (FileFrame each = frame;
        each != null && each.kind == FileFrame.Kind.PART;
        each = each.outer) {
      if (each.settled) {
        throw origin(from)
            .error(
                "\"" + each.path + "\" goes on in the stage that includes it, and begins another",
                "an included file has no FROM, or nothing but ARGs before its first FROM");
      }
      outermost = each;
    }
    KnownArgs inner = scope;
    for (FileFrame each = frame; outermost != null && each != null; each = each.outer) {
      each.own = own(inner, from);
      each.kind = FileFrame.Kind.STAGES;
      inner = each.scopeAround;
      if (each == outermost) {
        break;
      }
    }
    if (outermost != null) {
      out.subList(outermost.mark, out.size()).clear();
      scope = outermost.scopeAround;
    }
  }

  private Map<String, String> own(KnownArgs args, Node from) throws BuildfileException {
    Map<String, String> own = new LinkedHashMap<>();
    for (String name : args.declared()) {
      Optional<String> why = args.whyUnknown(name);
      if (why.isPresent()) {
        throw origin(from)
            .error("ARG " + name + " above this FROM is not known before the build: " + why.get());
      }
      args.value(name).ifPresent(value -> own.put(name, value));
    }
    return own;
  }

  /** ARGs of a stage in an included file end with it; those of another are the base's to give. */
  private void endStage() {
    if (!begun || endedWith.isPresent()) {
      return;
    }
    KnownArgs end = scope;
    if (enteredBy.isPresent()) {
      out.add(mark(enteredBy.get()));
      stageBase.leave(scope);
      end = stageBase;
    }
    if (stage.isPresent()) {
      stages.end(stage.get(), end);
    }
    stage = Optional.empty();
    enteredBy = Optional.empty();
  }
}

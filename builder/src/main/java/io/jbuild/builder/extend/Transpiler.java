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
import io.jbuild.builder.instruction.LimitFlag;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.Unset;
import io.jbuild.builder.parse.Arguments;
import io.jbuild.builder.parse.Flag;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.parse.Node;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.stage.ArgValues;
import io.jbuild.builder.stage.StageState;
import io.jbuild.oci.RunConfig;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a Buildfile as a plain Dockerfile of the same image: nobody has to stay. Branches and
 * values are those of one build; what a plain file cannot say is an error, or nearly the same with
 * a comment that tells the difference.
 */
@SuppressWarnings("ReferenceEquality") // a node that was read anew is another, though it be equal
public final class Transpiler {
  private final BuildFacts facts;
  private final SyntaxTree tree;
  private final char escape;
  private final GlobalValues globals;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Around> around = new ArrayDeque<>();
  private final StageScopes stages;
  private final KnownSettings settings;
  private KnownArgs scope;
  private Optional<String> stage = Optional.empty();
  private boolean begun;
  private Node fromNode;
  private int fromAt;
  private int fromEnd;
  private int index;

  /** Whether all settings of the stage have been said again. */
  private boolean said;

  private Transpiler(SyntaxTree tree, BuildFacts facts, BaseConfigs bases) {
    this.facts = facts;
    this.tree = tree;
    this.escape = tree.directives().escape();
    this.fromNode = tree.nodes().get(0);
    this.globals = new GlobalValues(facts);
    this.stages = new StageScopes(globals);
    this.settings = new KnownSettings(facts, globals, bases);
    this.scope = KnownArgs.begin(globals);
  }

  /**
   * What is out of sight in an included file.
   *
   * @param values what is passed, as words for a plain ARG
   * @param needs the variables in them
   */
  private record Around(
      KnownArgs scope, String path, Map<String, String> values, Map<String, Set<String>> needs) {}

  /**
   * The text of the Dockerfile.
   *
   * @param bases for what can only be taken away by saying all the rest again
   */
  public static String transpile(Source source, BuildFacts facts, BaseConfigs bases)
      throws IOException, BuildfileException {
    SyntaxTree tree = BuildfileLoader.expand(source, facts);
    Buildfile checked = Buildfile.of(tree);
    return new Transpiler(tree, facts, bases).text(checked);
  }

  private String text(Buildfile checked) throws IOException, BuildfileException {
    header(checked);
    List<Node> nodes = tree.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      switch (node.keyword()) {
        case INCLUDE -> enter(node);
        case END -> leave(node, i + 1 < nodes.size() ? nodes.get(i + 1) : node);
        case ARG -> arg(node);
        case UNSET -> unset(node, i + 1 < nodes.size() ? nodes.get(i + 1) : node);
        case FROM -> from(node);
        default -> plain(node);
      }
    }
    return out.toString();
  }

  private void header(Buildfile checked) {
    out.append("# syntax=docker/dockerfile:1\n");
    if (escape != '\\') {
      out.append("# escape=").append(escape).append('\n');
    }
    tree.directives()
        .check()
        .ifPresent(check -> out.append("# check=").append(check.value()).append('\n'));
    out.append('\n');
    remark("made by jbuild transpile from " + checked.source().name());
    if (tree.extended()) {
      remark("for " + facts.platform() + ", its arguments have the values of that call");
    }
    out.append('\n');
  }

  private void remark(String text) {
    out.append("# ").append(text.replaceAll("\\s+", " ").strip()).append('\n');
  }

  private static String place(Node node) {
    return node.source().name() + ":" + node.range().startLine();
  }

  private Origin origin(Node node) {
    return new Origin(node.source(), node.range(), node.text(), escape);
  }

  private void print(Node node) throws BuildfileException {
    Node plain = withoutLimits(node);
    PlainFlags.check(plain, origin(node));
    plain.print(out, escape);
  }

  /** A plain Dockerfile has no limits, and makes the same without. */
  private Node withoutLimits(Node node) {
    if (node.arguments() instanceof Arguments.Trigger trigger) {
      Node inner = withoutLimits(trigger.node());
      return inner.equals(trigger.node()) ? node : node.withBody(line(inner), node.arguments());
    }
    if (node.keyword() != Keyword.RUN) {
      return node;
    }
    List<Flag> rest = new ArrayList<>();
    List<String> limits = new ArrayList<>();
    for (Flag flag : node.flags()) {
      if (LimitFlag.named(flag.name()).isPresent()) {
        limits.add(flag.written());
      } else {
        rest.add(flag);
      }
    }
    if (limits.isEmpty()) {
      return node;
    }
    remark("RUN " + String.join(" ", limits) + " (" + place(node) + "): limits are jbuild's own");
    return node.withFlags(rest);
  }

  private String line(Node node) {
    StringBuilder text = new StringBuilder();
    node.withHeredocs(List.of()).print(text, escape);
    return text.toString().stripTrailing();
  }

  private void comments(Node node) {
    node.comments().forEach(comment -> out.append("# ").append(comment).append('\n'));
  }

  private void plain(Node node) throws BuildfileException {
    Instruction instruction = Buildfile.instruction(node, escape);
    if (instruction instanceof Env env) {
      scope.set(env);
    }
    boolean dropsCmd =
        said
            && node.keyword() == Keyword.ENTRYPOINT
            && settings.state().map(state -> !state.cmdSet()).orElse(false);
    settings.take(instruction);
    comments(node);
    print(node);
    if (dropsCmd) {
      out.append("CMD []\n"); // in the file it came from the base, here it was said again
    }
  }

  private void from(Node node) throws IOException, BuildfileException {
    begun = true;
    stage.ifPresent(name -> stages.end(name, scope));
    From from = (From) Buildfile.instruction(node, escape);
    stage = from.name();
    scope = stages.begin(from, globals.values());
    settings.begin(from);
    said = false;
    out.append('\n');
    comments(node);
    fromAt = out.length();
    fromNode = node;
    print(node);
    fromEnd = out.length();
    index++;
  }

  private void enter(Node node) throws BuildfileException {
    EnterInclude include = (EnterInclude) Buildfile.instruction(node, escape);
    settings.take(include);
    Map<String, Optional<String>> known = new LinkedHashMap<>();
    Map<String, String> words = new LinkedHashMap<>();
    Map<String, Set<String>> needs = new LinkedHashMap<>();
    for (KeyValue pair : include.values()) {
      Optional<String> value = scope.find(pair.value(), include.origin());
      known.put(pair.key(), value);
      String word = value.isPresent() ? literal(value.get(), node) : pair.value();
      words.put(pair.key(), word);
      needs.put(pair.key(), value.isPresent() ? Set.of() : names(word));
    }
    out.append('\n');
    remark("INCLUDE " + include.path() + " (" + place(node) + ")");
    around.push(new Around(scope, include.path(), words, needs));
    scope = scope.enter(known);
  }

  private Set<String> names(String word) {
    Expansion expansion = new Expansion(Map.of(), escape);
    try {
      expansion.word(word);
    } catch (ExpansionException e) {
      // what is asked for with ${name:?} is named all the same
    }
    return expansion.undefined();
  }

  private String literal(String value, Node node) throws BuildfileException {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      throw origin(node).error("a plain Dockerfile cannot say a value of several lines");
    }
    return Literal.of(value, escape);
  }

  /** Plain ARGs have no end: those of the file are set back to what they were around it. */
  private void leave(Node node, Node next) throws BuildfileException {
    settings.take(Buildfile.instruction(node, escape));
    KnownArgs inner = scope;
    Around outer = around.pop();
    scope = outer.scope;
    scope.leave(inner);
    boolean seen = next != node && next.keyword() != Keyword.FROM;
    for (String name : seen ? inner.declared() : Set.<String>of()) {
      if (scope.whyUnknown(name).isPresent()) {
        throw origin(node)
            .error(
                "ARG " + name + " of \"" + outer.path + "\" hides one whose value is not known",
                "a plain Dockerfile cannot bring it back: give one of them another name");
      }
      String value = scope.value(name).orElse("");
      out.append("ARG ").append(name).append('=');
      out.append(value.isEmpty() ? "" : literal(value, node)).append('\n');
    }
    remark("end of " + outer.path);
  }

  private void arg(Node node) throws BuildfileException {
    Instruction instruction = Buildfile.instruction(node, escape);
    settings.take(instruction);
    comments(node);
    if (instruction instanceof ComputedArg computed) {
      computed(node, computed);
      return;
    }
    Arg arg = (Arg) instruction;
    List<String> words = new ArrayList<>();
    for (Arg.Definition definition : arg.definitions()) {
      words.add(word(node, definition));
    }
    out.append(node.written()).append(' ').append(String.join(" ", words)).append('\n');
    if (begun) {
      scope.declare(arg);
    } else {
      globals.declare(arg);
    }
  }

  /** With the value that this build gives it; else as it was written. */
  private String word(Node node, Arg.Definition definition) throws BuildfileException {
    String name = definition.name();
    Optional<String> passed = passed(name);
    if (passed.isPresent()) {
      checkSeen(node, name);
      return name + "=" + passed.get();
    }
    Optional<String> given = given(name);
    if (given.isPresent()) {
      return name + "=" + literal(given.get(), node);
    }
    boolean hides =
        begun
            && definition.defaultValue().isEmpty()
            && globals.value(name).isEmpty()
            && around.stream().anyMatch(frame -> frame.scope.declared().contains(name));
    return name + definition.defaultValue().map(value -> "=" + value).orElse(hides ? "=" : "");
  }

  /** A value that is not known before the build is made where it is taken. */
  private void checkSeen(Node node, String name) throws BuildfileException {
    Set<String> needs =
        Optional.ofNullable(around.peek()).map(frame -> frame.needs.get(name)).orElse(Set.of());
    for (String needed : needs) {
      if (scope.declared().contains(needed)) {
        throw origin(node)
            .error(
                "what is passed for " + name + " uses $" + needed + ", which is hidden here",
                "give one of them another name: a plain Dockerfile has one scope");
      }
    }
  }

  private Optional<String> passed(String name) {
    return Optional.ofNullable(around.peek()).map(frame -> frame.values.get(name));
  }

  /** A proxy's address may hold a password, and every builder passes it on by itself. */
  private Optional<String> given(String name) {
    boolean proxy = ArgValues.isProxy(name);
    return proxy ? Optional.empty() : globals.given(name);
  }

  /** What a command computes has to be given to a plain build, which fails without. */
  private void computed(Node node, ComputedArg arg) throws BuildfileException {
    String name = arg.name();
    Optional<String> passed = passed(name);
    Optional<String> given = given(name);
    if (passed.isPresent() || given.isPresent()) {
      String word = passed.isPresent() ? passed.get() : literal(given.orElse(""), node);
      out.append("ARG ").append(name).append('=').append(word).append('\n');
    } else {
      remark(node.text() + " (" + place(node) + ")");
      remark("is computed by jbuild; a plain build is given the value: --build-arg " + name + "=…");
      out.append("ARG ").append(name).append('\n');
      out.append("ARG ").append(name).append("=\"${").append(name);
      out.append(":?is computed by jbuild: give it by --build-arg}\"\n");
    }
    scope.declare(arg);
  }

  private void unset(Node node, Node next) throws BuildfileException {
    Unset unset = (Unset) Buildfile.instruction(node, escape);
    scope.unset(unset);
    settings.take(unset);
    comments(node);
    switch (unset.kind()) {
      case CMD -> out.append("CMD []\n");
      case ENTRYPOINT -> out.append("ENTRYPOINT []\n");
      case USER -> out.append("USER \"\"\n");
      case WORKDIR -> out.append("WORKDIR /\n");
      case HEALTHCHECK -> nearly(node, "HEALTHCHECK NONE", "the image says NONE, not nothing");
      case SHELL -> nearly(node, "SHELL [\"/bin/sh\", \"-c\"]", "the image names the usual shell");
      case STOPSIGNAL -> nearly(node, "STOPSIGNAL SIGTERM", "the image names the usual signal");
      case ENV, EXPOSE, LABEL, VOLUME -> {
        remark(node.text() + " (" + place(node) + ")");
        if (next == node || !takesNames(next)) {
          sayAgain(node);
        }
      }
    }
  }

  private boolean takesNames(Node node) throws BuildfileException {
    return Buildfile.instruction(node, escape) instanceof Unset unset && unset.kind().isNamed();
  }

  /** The files go on in a stage without settings, where those that stay are said again. */
  private void sayAgain(Node node) throws BuildfileException {
    Origin origin = origin(node);
    StageState state =
        settings
            .state()
            .orElseThrow(
                () ->
                    origin.error(
                        node.text() + ": a plain Dockerfile has to say all other settings again",
                        settings.why()));
    if (state.config().env().stream().noneMatch(entry -> entry.startsWith("PATH="))) {
      throw origin.error("a plain Dockerfile cannot be without PATH");
    }
    for (String value : oneLiners(state.config())) {
      if (value.indexOf('\n') >= 0) {
        throw origin.error("a plain Dockerfile cannot say a value of several lines: " + value);
      }
    }
    String text = SettingsText.of(state.image(), escape);
    checkNumbers(origin);
    From from = (From) Buildfile.instruction(fromNode, escape);
    String part =
        from.name().orElse("stage-" + (index - 1)) + "-above-line-" + node.range().startLine();
    String platform = from.platform().map(value -> "--platform=" + value + " ").orElse("");
    out.replace(
        fromAt,
        fromEnd,
        "FROM " + platform + (said ? "scratch" : from.base()) + " AS " + part + "\n");
    remark("the files go on in a stage without settings, and those that stay are said again");
    fromAt = out.length();
    out.append("FROM ").append(platform).append("scratch");
    out.append(from.name().map(name -> " AS " + name).orElse("")).append('\n');
    fromEnd = out.length();
    out.append("COPY --from=").append(part).append(" / /\n").append(text);
    said = true;
    argsAgain(node);
  }

  private static List<String> oneLiners(RunConfig config) {
    List<String> values = new ArrayList<>(config.env());
    config.labels().forEach((name, value) -> values.add(name + "=" + value));
    config.healthcheck().ifPresent(check -> values.addAll(check.test()));
    return values;
  }

  /** A stage more moves the numbers of those below. */
  private void checkNumbers(Origin origin) throws BuildfileException {
    for (Node each : tree.nodes()) {
      for (Flag flag : each.flags()) {
        if (flag.value().orElse("").matches("\\d+|(.*,)?from=\\d+(,.*)?")
            && !flag.name().startsWith("ch")) {
          throw origin.error(
              place(each) + " names a stage by its number, which a plain Dockerfile changes",
              "give the stage a name");
        }
      }
    }
  }

  private void argsAgain(Node node) throws BuildfileException {
    Map<String, KnownArgs> all = new LinkedHashMap<>();
    around
        .descendingIterator()
        .forEachRemaining(frame -> frame.scope.declared().forEach(n -> all.put(n, frame.scope)));
    scope.declared().forEach(name -> all.put(name, scope));
    for (Map.Entry<String, KnownArgs> each : all.entrySet()) {
      String name = each.getKey();
      if (each.getValue().whyUnknown(name).isPresent()) {
        throw origin(node)
            .error("ARG " + name + " cannot be said again: its value is not known before");
      }
      Optional<String> value = each.getValue().value(name);
      out.append("ARG ").append(name);
      out.append(value.isPresent() ? "=" + literal(value.get(), node) : "").append('\n');
    }
  }

  private void nearly(Node node, String text, String difference) {
    remark(node.text() + " (" + place(node) + "): " + difference);
    out.append(text).append('\n');
  }

  /** The flags that a plain Dockerfile knows. */
  private static final class PlainFlags {
    private static final Map<Keyword, Set<String>> KNOWN =
        Map.of(
            Keyword.FROM, Set.of("platform"),
            Keyword.RUN, Set.of("mount", "network", "security", "device"),
            Keyword.COPY, Set.of("from", "chown", "chmod", "link", "parents", "exclude"),
            Keyword.ADD,
                Set.of("chown", "chmod", "link", "exclude", "keep-git-dir", "checksum", "unpack"),
            Keyword.HEALTHCHECK,
                Set.of("interval", "timeout", "start-period", "start-interval", "retries"));

    static void check(Node node, Origin origin) throws BuildfileException {
      for (Flag flag : node.flags()) {
        if (!KNOWN.getOrDefault(node.keyword(), Set.of()).contains(flag.name())) {
          throw origin.error(
              node.keyword()
                  + " --"
                  + flag.name()
                  + " is jbuild's own, a plain Dockerfile has"
                  + " nothing like it",
              flag.range());
        }
      }
    }
  }
}

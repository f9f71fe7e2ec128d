package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.UserException;
import io.jbuild.builder.extend.BuildFacts;
import io.jbuild.builder.extend.IncludeFiles;
import io.jbuild.builder.extend.Transpiler;
import io.jbuild.builder.parse.Frontend;
import io.jbuild.builder.parse.Parser;
import io.jbuild.builder.parse.SyntaxTree;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Reference;
import io.jbuild.oci.RunConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file and what it is transpiled to are built, and give the same files and settings. */
class TranspileTest {
  private static final String SYNTAX = "# syntax=jbuild/1";

  @TempDir Path directory;

  private static String transpile(Builds builds, Map<String, String> args, String... lines)
      throws Exception {
    BuildFacts facts =
        BuildFacts.none()
            .withBuildArgs(args)
            .withFiles(IncludeFiles.of(new BuildContext.Directory(builds.context())));
    return Transpiler.transpile(
        Source.of("Buildfile", String.join("\n", lines)),
        facts,
        (reference, platform) -> find(builds, reference));
  }

  private static Optional<ImageConfig> find(Builds builds, Reference reference)
      throws java.io.IOException {
    try {
      return Optional.of(builds.engine().images().inspect(reference.toString()).config());
    } catch (UserException e) {
      return Optional.empty();
    }
  }

  /** Builds both; the plain one with these arguments. */
  private static void same(
      Builds builds, Map<String, String> args, Map<String, String> plainArgs, String... lines)
      throws Exception {
    String plain = transpile(builds, args, lines);
    SyntaxTree tree = Parser.parse(Source.of("plain", plain));
    assertTrue(!tree.extended(), plain);
    assertEquals(
        Frontend.DOCKERFILE, Frontend.of(tree.directives().syntax().orElseThrow().value()));
    builds.build(with(args), lines);
    Map<String, Builds.RootFile> files = builds.root();
    RunConfig config = builds.image().config().config();
    builds.build(with(plainArgs), plain);
    assertEquals(files, builds.root(), plain);
    assertEquals(config.toString(), builds.image().config().config().toString(), plain);
  }

  private static Consumer<BuildRequest.Builder> with(Map<String, String> args) {
    return request -> args.forEach(request::buildArg);
  }

  @Test
  void transpiled_buildsTheSame() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file(
          "part.inc",
          """
          ARG WORD=default
          ARG OTHER=other
          ARG NOTHING
          ENV SET=$WORD
          RUN --strict <<EOF
          echo "$WORD $OTHER [$NOTHING]" > /inside-$WORD
          EOF
          """);
      builds.file(
          "stages.inc",
          """
          ARG TAG=none
          FROM busybox:$TAG AS tools
          ARG TAG
          RUN echo "$TAG" > /tag
          """);
      String[] lines = {
        SYNTAX,
        "ARG BASE=nowhere",
        "INCLUDE stages.inc",
        "FROM $BASE AS middle",
        "ARG NOTHING=something",
        "ARG WORD=\"it's\"",
        "INCLUDE stages2.inc TAG=test",
        "FROM middle",
        "INCLUDE part.inc WORD=one",
        "INCLUDE part.inc WORD=\"$WORD too\" OTHER='$x'",
        "RUN echo \"$WORD [$OTHER] [$NOTHING]\" > /outside",
        "IF $DEBUG == yes",
        "ENV DEBUG=1",
        "ELSE",
        "RUN echo release > /release",
        "END",
        "ARG FROM_STAGE=tools",
        "COPY --from=$FROM_STAGE /tag /tag",
        "COPY --from=more /tag /tag2",
        "USER app",
        "WORKDIR /tmp",
        "UNSET USER",
        "UNSET WORKDIR",
        "UNSET CMD",
        "UNSET ENTRYPOINT"
      };
      lines[1] = "ARG BASE=nowhere DEBUG=no TAG=test";
      builds.file(
          "stages2.inc", "ARG TAG\nFROM busybox:$TAG AS more\nARG TAG\nRUN echo $TAG$TAG > /tag\n");
      Map<String, String> args = new TreeMap<>(Map.of("BASE", Builds.BASE, "TAG", "test"));
      same(builds, args, Map.of(), lines);
      args.put("DEBUG", "yes");
      args.put("OTHER", "x y");
      same(builds, args, Map.of(), lines);
    }
  }

  @Test
  void unset_saysAllOtherSettingsAgain() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.tag(Builds.name("test/base")),
          "FROM " + Builds.BASE,
          "ENV A=1 B=\"it's $2\" C=3",
          "LABEL a=1 'b c'='x \"y\"'",
          "VOLUME /data /more",
          "EXPOSE 80 90/udp",
          "CMD [\"y\", \"a\\\"b\"]",
          "USER app",
          "WORKDIR /w",
          "HEALTHCHECK --interval=5s --retries=2 CMD test -e /x",
          "STOPSIGNAL SIGINT",
          "SHELL [\"/bin/sh\", \"-ec\"]");
      same(
          builds,
          Map.of(),
          Map.of(),
          SYNTAX,
          "FROM test/base AS middle",
          "ARG WHICH=A",
          "RUN echo x > /w/file",
          "UNSET ENV $WHICH C",
          "UNSET VOLUME *",
          "RUN echo \"$WHICH [$A]\" > /w/args",
          "UNSET EXPOSE 80",
          "ENTRYPOINT [\"e\"]",
          "FROM middle",
          "UNSET LABEL a",
          "RUN true");
      builds.build(
          request -> request.tag(Builds.name("test/onbuild")),
          "FROM " + Builds.BASE,
          "ONBUILD RUN true");
      assertThrows(
          BuildfileException.class,
          () -> transpile(builds, Map.of(), SYNTAX, "FROM test/onbuild", "UNSET ENV X"));
    }
  }

  @Test
  void computedArg_isAskedForByThePlainFile() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String[] lines = {
        SYNTAX, "FROM " + Builds.BASE, "ARG V=$(echo 1.2)", "LABEL v=$V", "RUN echo $V > /v"
      };
      same(builds, Map.of(), Map.of("V", "1.2"), lines);
      same(builds, Map.of("V", "3"), Map.of(), lines);
      BuildfileException asked =
          assertThrows(
              BuildfileException.class, () -> builds.build(transpile(builds, Map.of(), lines)));
      assertTrue(asked.problem().contains("give it by --build-arg"), asked.problem());
    }
  }

  @Test
  void whatAPlainFileCannotSay_isAnErrorAtItsLine() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      for (String line : new String[] {"COPY --with-libs a b", "UNSET ENV X", "UNSET VOLUME /x"}) {
        BuildfileException refused =
            assertThrows(
                BuildfileException.class,
                () -> transpile(builds, Map.of(), SYNTAX, "FROM x", line));
        assertTrue(
            String.valueOf(refused.getMessage()).startsWith("Buildfile:3: "), refused.getMessage());
      }
    }
  }
}

package io.jbuild.builder.instruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words of which instruction are expanded. */
class InstructionExpandTest {
  private static final Map<String, String> ENV =
      Map.of("v", "val", "two", "1 2", "id", "1000", "dir", "/d");

  private static Instruction parse(String text) throws BuildfileException {
    return Buildfile.parse(Source.of("Buildfile", "FROM a\n" + text))
        .stages()
        .get(0)
        .instructions()
        .get(0);
  }

  private static Instruction expand(String text) throws BuildfileException {
    return parse(text).expand(new Expansion(ENV, '\\'));
  }

  @Test
  void env_takesOneValuePerInstruction() throws Exception {
    Env env = assertInstanceOf(Env.class, expand("ENV v=new w=$v \"$v\"='$v'"));
    assertEquals(
        List.of("v=new", "w=val", "val=$v"),
        env.variables().stream().map(kv -> kv.key() + "=" + kv.value()).toList());
  }

  @Test
  void arg_canBeExpandedOneByOne() throws Exception {
    Arg arg = assertInstanceOf(Arg.class, parse("ARG a=1 b=$a c=${none:?needed}"));
    Expansion afterA = new Expansion(Map.of("a", "1"), '\\');
    Arg.Definition b = arg.definitions().get(1).expand(afterA, arg.origin());
    assertEquals(Optional.of("1"), b.defaultValue());
    BuildfileException e =
        assertThrows(BuildfileException.class, () -> arg.expand(new Expansion(ENV, '\\')));
    assertTrue(e.problem().contains("none: needed"));
  }

  @Test
  void copy_expandsPathsOwnerModeAndContent() throws Exception {
    Copy copy =
        assertInstanceOf(
            Copy.class,
            expand(
                "COPY --chown=$id:$id --chmod=${none:-755} --exclude=$v $v <<E <<'Q' $dir/\n$v\nE\n$v\nQ\n"));
    assertEquals(Optional.of("1000:1000"), copy.options().owner());
    assertEquals(Optional.of("755"), copy.options().mode());
    assertEquals(List.of("$v"), copy.options().excludes());
    assertEquals(
        List.of(
            new CopySource.Path("val"),
            new CopySource.Inline("E", "val\n", false),
            new CopySource.Inline("Q", "$v\n", false)),
        copy.sources());
    assertEquals("/d/", copy.destination());
  }

  @Test
  void copy_refusesUrlsAndBadModes() {
    assertThrows(BuildfileException.class, () -> expand("COPY https://example.org/x /x"));
    assertThrows(BuildfileException.class, () -> expand("COPY --chmod=$v a b"));
  }

  @Test
  void add_expandsChecksum() throws Exception {
    Add add = assertInstanceOf(Add.class, expand("ADD --checksum=sha256:$v https://e.org/$v /x"));
    assertEquals(Optional.of("sha256:val"), add.checksum());
    assertEquals(List.of(new CopySource.Path("https://e.org/val")), add.sources());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "RUN echo $v",
        "CMD [\"$v\"]",
        "CMD $v",
        "ENTRYPOINT $v",
        "SHELL [\"$v\"]",
        "HEALTHCHECK CMD $v",
        "ONBUILD USER $v",
        "MAINTAINER $v",
      })
  void bodies_areLeftToTheShell(String text) throws Exception {
    Instruction before = parse(text);
    Expansion expansion = new Expansion(ENV, '\\');
    assertEquals(before, before.expand(expansion));
    assertEquals(Set.of(), expansion.used());
  }

  @Test
  void singleWords_keepBlanks() throws Exception {
    assertEquals("1 2/x", assertInstanceOf(Workdir.class, expand("WORKDIR $two/x")).path());
    assertEquals("1 2", assertInstanceOf(User.class, expand("USER $two")).user());
    assertEquals(
        List.of("1 2", "/d"), assertInstanceOf(Volume.class, expand("VOLUME $two $dir")).paths());
  }

  @Test
  void expose_splitsWords() throws Exception {
    Expose expose = assertInstanceOf(Expose.class, expand("EXPOSE $two 80/tcp"));
    assertEquals(List.of("1", "2", "80/tcp"), expose.ports());
    assertEquals(
        List.of("1/tcp", "2/tcp", "80/tcp"), expose.parsed().stream().map(Port::toString).toList());
  }

  @Test
  void stopSignal_isCheckedAfterExpansion() throws Exception {
    assertEquals(
        "SIGval".length(),
        assertThrows(BuildfileException.class, () -> expand("STOPSIGNAL SIG$v"))
            .problem()
            .substring("invalid signal: ".length())
            .length());
    assertEquals("9", assertInstanceOf(StopSignal.class, expand("STOPSIGNAL ${n:-9}")).signal());
  }

  @Test
  void from_expandsBaseAndPlatform() throws Exception {
    Buildfile file = Buildfile.parse(Source.of("f", "FROM --platform=linux/$v img:$v AS x\nRUN y"));
    Expansion expansion = new Expansion(ENV, '\\');
    From from = assertInstanceOf(From.class, file.stages().get(0).from().expand(expansion));
    assertEquals("img:val", from.base());
    assertEquals(Optional.of("linux/val"), from.platform());
    From blank = Buildfile.parse(Source.of("f", "FROM $none")).stages().get(0).from();
    assertThrows(BuildfileException.class, () -> blank.expand(expansion));
  }

  @Test
  void mounts_expandValues() throws Exception {
    Run run =
        assertInstanceOf(
            Run.class,
            parse(
                "RUN --mount=type=cache,target=$dir/c,id=$v,uid=$id --mount=target=$dir,rw"
                    + " --mount=type=secret,id=$v x"));
    List<RunMount> mounts = run.resolveMounts(new Expansion(ENV, '\\'));
    RunMount.Cache cache = assertInstanceOf(RunMount.Cache.class, mounts.get(0));
    assertEquals(Optional.of("val"), cache.id());
    assertEquals("/d/c", cache.target());
    assertEquals(1000, cache.uid());
    assertEquals(0755, cache.mode());
    RunMount.Bind bind = assertInstanceOf(RunMount.Bind.class, mounts.get(1));
    assertTrue(bind.writable());
    RunMount.Secret secret = assertInstanceOf(RunMount.Secret.class, mounts.get(2));
    assertEquals(Optional.of("/run/secrets/val"), secret.target());
    assertEquals(0400, secret.mode());
  }

  @Test
  void mounts_secretWithEnvOnlyHasNoFile() throws Exception {
    Run run = assertInstanceOf(Run.class, parse("RUN --mount=type=secret,id=a,env=A x"));
    RunMount.Secret secret =
        assertInstanceOf(RunMount.Secret.class, run.resolveMounts(new Expansion(ENV, '\\')).get(0));
    assertEquals(Optional.empty(), secret.target());
    assertEquals(Optional.of("A"), secret.env());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TYPE=TMPFS,Target=/t,Size=1.5GiB",
        "size=64m,type=tmpfs,target=/t",
        "type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=0700,RO=True",
        "type=bind,target=/t,Z,bind-propagation=rslave",
        "type=cache,target=/t,z,relabel=private,SHARING=Locked",
        "type=secret,target=/t,mode=7777",
        "required,type=ssh",
        "type=bind,target=/t,id=x,rw=0",
      })
  void mounts_optionsInAnyCaseAndOrder_areRead(String mount) throws Exception {
    Run run = assertInstanceOf(Run.class, parse("RUN --mount=" + mount + " x"));
    assertEquals(1, run.resolveMounts(new Expansion(ENV, '\\')).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type=tmpfs,target=/t,size=-1",
        "type=tmpfs,target=/t,size=1x",
        "type=tmpfs,target=/t,mode=0700",
        "type=tmpfs,target=/t,source=/x",
        "type=tmpfs,target=/t,tmpcopyup",
        "type=tmpfs,target=/t,tmpfs-mode=8",
        "type=bind,target=/t,U",
        "type=bind,target=/t,bind-propagation=shared",
        "type=bind,target=/t,sharing=shared",
        "type=bind,target=/t,required",
        "type=bind,target=/t,ro=maybe",
        "type=cache,target=/t,required",
        "type=cache,target=/t,sharing=alone",
        "type=cache,target=/t,uid=-1",
        "type=cache,target=/t,uid=4294967296",
        "type=cache,target=/t,env=X",
        "type=secret",
        "type=secret,id=a,source=b",
        "type=secret,id=a,from=x",
        "type=secret,id=a,sharing=locked",
        "type=ssh,source=x",
        "type=ssh,from=x",
        "type=volume,target=/t",
        "type=bind,target",
      })
  void mounts_optionsThatDoNotFit_areRefused(String mount) {
    assertThrows(BuildfileException.class, () -> parse("RUN --mount=" + mount + " x"), mount);
  }

  @Test
  void parseTrigger_readsOneInstruction() throws Exception {
    Run run = assertInstanceOf(Run.class, Buildfile.parseTrigger("RUN <<E cat\nx\nE", "base"));
    assertEquals(new CommandLine.ShellText("<<E cat\nx\nE"), run.command());
    assertThrows(BuildfileException.class, () -> Buildfile.parseTrigger("FROM x", "base"));
    assertThrows(BuildfileException.class, () -> Buildfile.parseTrigger("RUN a\nRUN b", "base"));
    assertThrows(BuildfileException.class, () -> Buildfile.parseTrigger("", "base"));
  }

  @Test
  void stage_isFoundByNameAndIndex() throws Exception {
    Buildfile file = Buildfile.parse(Source.of("f", "FROM a AS One\nFROM b\nFROM c AS one"));
    assertEquals(2, file.stage("ONE").orElseThrow().index());
    assertEquals(1, file.stage("1").orElseThrow().index());
    assertTrue(file.stage("3").isEmpty());
    assertTrue(file.stage("two").isEmpty());
    assertEquals(Optional.of("did you mean one?"), file.suggestStage("oen"));
    assertTrue(file.suggestStage("builder").isEmpty());
  }

  @Test
  void syntax_canBeOverridden() throws Exception {
    Source source = Source.of("f", "# syntax=example/other\nFROM a");
    assertThrows(BuildfileException.class, () -> Buildfile.parse(source));
    assertEquals(1, Buildfile.parse(source, Optional.of("dockerfile.v0")).stages().size());
  }

  @Test
  void checks_ofOneInstruction() throws Exception {
    Buildfile file =
        Buildfile.parse(Source.of("f", "FROM a\n# check=skip=JSONArgsRecommended\nCMD x"));
    assertTrue(file.syntax().checks(file.syntax().nodes().get(1)).skips("jsonargsrecommended"));
    assertTrue(!file.syntax().checks(file.syntax().nodes().get(0)).skips("x"));
  }

  @Test
  void parse_thousandStages() throws Exception {
    String text = "FROM s\nRUN x\n".repeat(1000);
    assertEquals(1000, Buildfile.parse(Source.of("f", text)).stages().size());
  }
}

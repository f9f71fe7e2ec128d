package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.Output;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.value.ResourceLimits;
import io.jbuild.builder.value.StepLimits;
import io.jbuild.isolation.ProcessLimit;
import io.jbuild.oci.History;
import io.jbuild.oci.RunConfig;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole builds: each instruction does to the image what it says. */
class BuildTest {
  @TempDir private Path directory;

  @Test
  void run_addsALayerWithWhatItChanged() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN echo hello > /greeting && rm /etc/group");
      assertEquals("hello\n", builds.root().get("/greeting").content());
      assertFalse(builds.root().containsKey("/etc/group"));
      assertEquals(2, builds.image().layers().size());
    }
  }

  @Test
  void run_thatChangesNothing_addsNoLayer() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN true");
      assertEquals(1, builds.image().layers().size());
      History last = builds.image().config().history().get(2);
      assertEquals("RUN /bin/sh -c true", last.createdBy());
      assertTrue(last.emptyLayer());
    }
  }

  @Test
  void run_filesThatStayAsTheyWere_areNotInItsLayer() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test",
          "RUN chmod 644 /etc/passwd && chown 0:0 /etc/passwd && : >>/etc/passwd",
          "RUN ln /etc/passwd /linked");
      assertEquals(2, builds.image().layers().size());
      assertEquals("etc/passwd", builds.root().get("/linked").link()); // both names, linked
    }
  }

  @Test
  void run_leavesNothingOfItsSurroundings() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Set<String> before = new TreeSet<>(builds.root(Builds.BASE).keySet());
      builds.build(
          "FROM busybox:test", "RUN cat /etc/hosts /etc/resolv.conf && ls /dev /proc /sys");
      before.removeAll(builds.root().keySet());
      assertEquals(Set.of(), before);
      assertEquals(1, builds.image().layers().size(), () -> "" + builds.last().output());
    }
  }

  @Test
  void output_reachesTheListener() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN echo one && echo two >&2 && printf three");
      assertEquals(
          List.of("one", "three", "two"), builds.last().output().stream().sorted().toList());
    }
  }

  @Test
  void run_seesItsVariablesUserAndDirectory() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.buildArg("GIVEN", "g"),
          "ARG GLOBAL=outer",
          "FROM busybox:test",
          "ARG GIVEN=default",
          "ARG GLOBAL",
          "ARG PLAIN=p",
          "ENV A=\"one two\" B=$PLAIN",
          "USER app:staff",
          "WORKDIR /home/app",
          "RUN echo \"$GIVEN $GLOBAL $PLAIN $A $B $HOME $PWD $(id -u):$(id -g)\" > out");
      Builds.RootFile out = builds.root().get("/home/app/out");
      assertEquals("g outer p one two p /home/app /home/app 1000:50\n", out.content());
      assertEquals(1000, out.uid());
      assertEquals(1000, builds.root().get("/home/app").uid());
      assertEquals(
          List.of(
              "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
              "A=one two",
              "B=p"),
          builds.image().config().config().env());
      String history = builds.image().config().history().get(8).createdBy();
      assertTrue(
          history.startsWith("RUN |3 GIVEN=g GLOBAL=outer PLAIN=p /bin/sh -c echo"), history);
    }
  }

  @Test
  void run_makesAWorkingDirectoryThatIsGone_butNotInAMount() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test",
          "WORKDIR /srv/here",
          "RUN touch ../beside && rmdir /srv/here",
          "USER app",
          "RUN pwd && ls -A ..");
      assertEquals(List.of("/srv/here", "beside", "here"), builds.last().output());
      assertEquals(0, builds.root().get("/srv/here").uid());
      builds.build(
          "FROM busybox:test",
          "WORKDIR /srv/here",
          "RUN rm -r /srv",
          "RUN --mount=type=tmpfs,target=/srv/here pwd");
      assertFalse(builds.root().containsKey("/srv/here"));
    }
  }

  @Test
  void run_seesHostNameAndLimitsOfTheRequest() throws Exception {
    StepLimits limits =
        StepLimits.of(
            ResourceLimits.NONE
                .withSharedMemory(1 << 20)
                .withProcess(new ProcessLimit(ProcessLimit.Resource.NOFILE, 33, 44)));
    String[] file = {
      "FROM busybox:test",
      "RUN hostname && ulimit -Sn && ulimit -Hn && df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2"
    };
    try (Builds builds = Builds.in(directory)) {
      builds.build(request -> request.limits(limits).hostname("box"), file);
      assertEquals(List.of("box", "33", "44", "1024"), builds.last().output());
      builds.build(request -> request.buildArg("BUILDKIT_SANDBOX_HOSTNAME", "other"), file);
      assertEquals("other", builds.last().output().get(0));
      assertThrows(
          UserException.class, () -> builds.build(request -> request.hostname("a b"), file));
    }
  }

  @Test
  void run_seesAProxyInBothSpellings() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.buildArg("http_proxy", "http://p").buildArg("NO_PROXY", "q"),
          "FROM busybox:test",
          "RUN echo $http_proxy $HTTP_PROXY $no_proxy $NO_PROXY");
      assertEquals(List.of("http://p http://p q q"), builds.last().output());
    }
  }

  @Test
  void addChecksum_ofALocalFile_isRefused() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("a", "");
      String sum = "sha256:" + "0".repeat(64);
      assertThrows(
          BuildfileException.class,
          () -> builds.build("FROM busybox:test", "ADD --checksum=" + sum + " a /a"));
    }
  }

  @Test
  void archive_isAContext_withItsOwnBuildfileAndIgnoreFile() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("Dockerfile", "FROM busybox:test\nCOPY . /x\n");
      builds.file(".dockerignore", "b\n");
      builds.file("a", "A");
      builds.file("b", "B");
      Path tar = directory.resolve("context.tar.gz");
      Tools.run("tar", "-czf", tar.toString(), "-C", builds.context().toString(), ".");
      try (InputStream in = Files.newInputStream(tar)) {
        builds.engine().build(archive(in), builds.last());
      }
      assertEquals("A", builds.root().get("/x/a").content());
      assertFalse(builds.root().containsKey("/x/b"));
      try (var left = Files.list(builds.store().resolve("ingest"))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void archive_thatIsNone_isABuildfile() throws Exception {
    byte[] text = "FROM busybox:test\nRUN touch /x\n".getBytes(StandardCharsets.UTF_8);
    try (Builds builds = Builds.in(directory)) {
      builds.engine().build(archive(new ByteArrayInputStream(text)), builds.last());
      assertTrue(builds.root().containsKey("/x"));
    }
  }

  private static BuildRequest archive(InputStream in) {
    return BuildRequest.builder()
        .context(new BuildContext.Archive("-", in, true))
        .defaultNetwork(NetworkMode.NONE)
        .tag(Builds.name("test/image"))
        .build();
  }

  @Test
  void run_takesExecFormShellAndHeredocs() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test",
          "RUN [\"/bin/touch\", \"/exec form\"]",
          "RUN <<EOF",
          "echo a > /a",
          "echo b > /b",
          "EOF",
          "RUN <<EOF",
          "#!/bin/cat",
          "script",
          "EOF",
          "SHELL [\"/bin/sh\", \"-e\", \"-c\"]",
          "RUN echo $- > /flags");
      var root = builds.root();
      assertTrue(root.containsKey("/exec form"));
      assertEquals("b\n", root.get("/b").content());
      assertTrue(root.get("/flags").content().contains("e"));
      assertTrue(builds.last().output().contains("script"));
      assertFalse(root.keySet().stream().anyMatch(path -> path.startsWith("/dev/")));
    }
  }

  @Test
  void metadata_isThatOfTheInstructions() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.label("from.caller", "yes"),
          "FROM busybox:test",
          "CMD [\"inherited\"]",
          "LABEL a=1 b=\"2 3\"",
          "EXPOSE 80 53/udp",
          "VOLUME /data",
          "STOPSIGNAL SIGQUIT",
          "HEALTHCHECK --interval=5s CMD true",
          "ENTRYPOINT [\"/bin/echo\"]",
          "ONBUILD RUN echo child > /child",
          "MAINTAINER somebody");
      RunConfig config = builds.image().config().config();
      assertEquals("{a=1, b=2 3, from.caller=yes}", config.labels().toString());
      assertEquals("[53/udp, 80/tcp]", config.exposedPorts().toString());
      assertEquals("[/data]", config.volumes().toString());
      assertEquals("SIGQUIT", config.stopSignal());
      assertEquals(List.of("CMD-SHELL", "true"), config.healthcheck().orElseThrow().test());
      assertEquals(List.of("/bin/echo"), config.entrypoint());
      assertEquals(List.of("inherited"), config.cmd());
      assertEquals(List.of("RUN echo child > /child"), config.onBuild());
      assertEquals("somebody", builds.image().config().author());
      List<String> history =
          builds.image().config().history().stream().map(History::createdBy).toList();
      assertTrue(
          history.contains(
              "HEALTHCHECK &{[\"CMD-SHELL\" \"true\"] \"5s\" \"0s\" \"0s\" \"0s\" '\\x00'}"),
          history::toString);
      assertFalse(history.stream().anyMatch(text -> text.contains("child")), history::toString);
    }
  }

  @Test
  void entrypoint_dropsAnInheritedCommand() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "ENTRYPOINT [\"/bin/echo\"]");
      assertEquals(List.of(), builds.image().config().config().cmd());
    }
  }

  @Test
  void onbuild_runsInTheChildAndIsGone() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("f", "content");
      builds.build("FROM busybox:test", "ONBUILD COPY f /copied", "ONBUILD RUN echo x > /ran");
      builds.build(
          request -> request.tag(Builds.name("test/child")),
          "FROM test/image",
          "RUN cat /copied /ran");
      assertEquals(List.of("contentx"), builds.last().output());
      assertEquals(List.of(), builds.image().config().config().onBuild());
    }
  }

  @Test
  void buildArgOfATrigger_isTaken() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "ONBUILD ARG given=default");
      builds.build(
          request ->
              request.tag(Builds.name("test/child")).buildArg("given", "x").buildArg("other", "y"),
          "FROM test/image",
          "RUN echo $given");
      assertEquals(List.of("x"), builds.last().output());
      assertEquals(List.of("--build-arg other: no ARG takes it"), builds.last().warnings());
    }
  }

  @Test
  void outputInNoDirectory_isToldBeforeTheBuild() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Path missing = directory.resolve("missing");
      assertThrows(
          NoSuchFileException.class,
          () ->
              builds.build(
                  request ->
                      request.output(new Output.RootTar(Optional.of(missing.resolve("out.tar")))),
                  "FROM busybox:test",
                  "RUN echo built"));
      assertEquals(List.of(), builds.last().ran());
    }
  }

  @Test
  void copy_takesFilesOfTheContext() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("a.txt", "A");
      builds.file("dir/b.txt", "B");
      builds.file("dir/ignored", "I");
      builds.file(".dockerignore", "**/ignored");
      builds.build(
          "FROM scratch",
          "COPY a.txt /x/",
          "COPY --chown=7:8 --chmod=600 dir /y",
          "COPY <<END /inline",
          "text",
          "END");
      var root = builds.root();
      assertEquals("A", root.get("/x/a.txt").content());
      assertEquals(new Builds.RootFile(0600, 7, 8, "", "B"), root.get("/y/b.txt"));
      assertEquals("text\n", root.get("/inline").content());
      assertFalse(root.containsKey("/y/ignored"));
    }
  }

  @Test
  void add_unpacksArchives() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      java.nio.file.Files.write(
          builds.context().resolve("root.tar"), BusyboxRoot.tar().readAllBytes());
      builds.build("FROM scratch", "ADD root.tar /r/", "CMD [\"x\"]");
      assertTrue(builds.root().containsKey("/r/bin/busybox"));
    }
  }

  @Test
  void stages_buildOnAndCopyFromEachOther() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test AS one",
          "ARG KEPT=kept",
          "RUN echo one > /one",
          "FROM busybox:test AS unused",
          "RUN false",
          "FROM one AS two",
          "RUN echo $KEPT > /two",
          "FROM scratch",
          "COPY --from=one /one /from/",
          "COPY --from=2 /two /from/",
          "COPY --from=busybox:test /etc/passwd /from/");
      var root = builds.root();
      assertEquals("one\n", root.get("/from/one").content());
      assertEquals("kept\n", root.get("/from/two").content());
      assertTrue(root.containsKey("/from/passwd"));
    }
  }

  @Test
  void target_andNamedContexts() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Path other = java.nio.file.Files.createDirectory(directory.resolve("other"));
      java.nio.file.Files.writeString(other.resolve("file"), "named");
      ContextSource image = ContextSource.parse("docker-image://busybox:test");
      builds.build(
          request ->
              request
                  .target("middle")
                  .namedContext("files", new ContextSource.Directory(other))
                  .namedContext("base", image),
          "FROM base AS middle",
          "COPY --from=files file /file",
          "FROM middle",
          "RUN false");
      assertEquals("named", builds.root().get("/file").content());
    }
  }

  @Test
  void network_noneHasOnlyLoopback() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.defaultNetwork(NetworkMode.HOST),
          "FROM busybox:test",
          "RUN --network=none cat /proc/net/dev");
      List<String> devices =
          builds.last().output().stream().filter(line -> line.contains(":")).toList();
      assertEquals(1, devices.size(), () -> "" + devices);
    }
  }

  @Test
  void layout_canBeABase() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      Path layout = directory.resolve("layout");
      builds.build(
          request ->
              request.output(
                  new io.jbuild.builder.Output.OciLayout(
                      java.util.Optional.of(layout),
                      false,
                      io.jbuild.builder.LayerCompression.NONE)),
          "FROM busybox:test",
          "RUN echo x > /x");
      builds.build(
          request -> request.namedContext("base", new ContextSource.Layout(layout + ":latest")),
          "FROM base",
          "COPY --from=base /x /y",
          "RUN cat /x /y");
      assertEquals(List.of("x", "x"), builds.last().output());
    }
  }
}

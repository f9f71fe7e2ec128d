package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.git.GitServer;
import io.jbuild.builder.git.GitServer.Repository;
import io.jbuild.builder.source.BuildfileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ADD of repositories that a server on loopback has. */
class AddGitTest {
  @TempDir private Path directory;
  private Path served;

  @BeforeEach
  void needGit() {
    Tools.require("git");
    served = directory.resolve("served");
  }

  @Test
  void add_putsTheFilesOfACommit_withoutGitsDirectory() throws Exception {
    Repository repository = Repository.in(served.resolve("r.git")).write("a", "1");
    repository.write("d/b.txt", "2").write("d/c", "3").commit("first");
    try (GitServer server = GitServer.over(served);
        Builds builds = Builds.in(directory)) {
      String url = server.url("r.git");
      builds.build(
          "FROM scratch",
          "ADD " + url + " /all",
          "ADD --chown=7:8 --chmod=u=rwX,go= --exclude=*.txt " + url + "#main:d /some/",
          "ADD --link " + url + "?keep-git-dir=1 /kept");
      var root = builds.root();
      assertEquals("1", root.get("/all/a").content());
      assertEquals("2", root.get("/all/d/b.txt").content());
      assertEquals(0644, root.get("/all/a").mode());
      assertEquals(0755, root.get("/all/d").mode());
      assertFalse(root.containsKey("/all/.git"));
      assertEquals(0600, root.get("/some/c").mode());
      assertEquals(7, root.get("/some/c").uid());
      assertFalse(root.containsKey("/some/b.txt"));
      assertTrue(root.containsKey("/kept/.git/HEAD"));
    }
  }

  @Test
  void add_isKnownByItsCommit() throws Exception {
    Repository repository = Repository.in(served.resolve("r.git")).write("a", "1");
    String first = repository.commit("first");
    try (Builds builds = Builds.in(directory)) {
      String pinned;
      try (GitServer server = GitServer.over(served)) {
        String[] file = {"FROM scratch", "ADD " + server.url("r.git#main") + " /"};
        pinned = "ADD --checksum=" + first + " " + server.url("r.git") + " /";
        assertEquals(1, builds.build(file).stepsRun());
        assertEquals(0, builds.build(file).stepsRun());
        assertEquals(0, builds.build("FROM scratch", pinned).stepsRun());
        repository.write("a", "2").commit("second");
        assertEquals(1, builds.build(file).stepsRun());
        assertEquals("2", builds.root().get("/a").content());
        BuildfileException moved =
            assertThrows(
                BuildfileException.class,
                () ->
                    builds.build(
                        "FROM scratch",
                        "ADD --checksum=" + first + " " + server.url("r.git#main") + " /"));
        assertTrue(moved.problem().endsWith("expected " + first), moved.problem());
      }
      assertEquals(0, builds.build("FROM scratch", pinned).stepsRun());
      assertEquals("1", builds.root().get("/a").content());
      assertEquals(
          1, builds.build(request -> request.noCache(true), "FROM scratch", pinned).stepsRun());
    }
  }

  @Test
  void add_isTheSameToTheLastByte_inAnotherStore() throws Exception {
    Repository repository = Repository.in(served.resolve("r.git")).write("d/a", "1");
    repository.commit("first");
    try (GitServer server = GitServer.over(served);
        Builds builds = Builds.in(directory);
        Builds other = Builds.in(directory.resolve("other"))) {
      String[] file = {"FROM scratch", "ADD " + server.url("r.git") + " /r"};
      builds.build(file);
      other.build(file);
      assertEquals(builds.image().layers(), other.image().layers());
    }
  }

  @Test
  void add_showsItsSecretsToTheServerAlone() throws Exception {
    Repository.in(served.resolve("r.git")).write("a", "1").commit("first");
    try (GitServer server = GitServer.over(served);
        Builds builds = Builds.in(directory)) {
      server.demand("Bearer letmein");
      SecretSource secret =
          new SecretSource.OfBytes("Bearer letmein".getBytes(StandardCharsets.UTF_8));
      String url = "http://user:pass@" + server.host() + "/r.git";
      builds.build(
          request -> request.secret("GIT_AUTH_HEADER." + server.host(), secret),
          "FROM scratch",
          "ADD " + url + " /");
      var history = builds.image().config().history();
      assertEquals(
          "ADD " + server.url("r.git") + " /", history.get(history.size() - 1).createdBy());
      BuildfileException refused =
          assertThrows(
              BuildfileException.class,
              () -> builds.build("FROM scratch", "ADD " + server.url("r.git#main") + " /"));
      assertTrue(refused.problem().endsWith("the server wants another login"), refused.problem());
    }
  }

  @Test
  void wrongReferences_areToldAtTheirLine() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      for (String source :
          List.of(
              "https://127.0.0.1:1/a.git#--upload-pack=id",
              "file:///srv/a.git",
              "git@-oProxyCommand:a",
              "https://127.0.0.1:1/a.git?what=1")) {
        BuildfileException error =
            assertThrows(
                BuildfileException.class,
                () -> builds.build("FROM scratch", "ADD " + source + " /"),
                source);
        assertEquals(2, error.range().startLine());
      }
      assertThrows(
          BuildfileException.class,
          () -> builds.build("FROM scratch", "COPY https://127.0.0.1:1/a.git /"));
    }
  }
}

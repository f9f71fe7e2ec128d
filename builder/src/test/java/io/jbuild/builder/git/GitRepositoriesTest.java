package io.jbuild.builder.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitServer.Repository;
import io.jbuild.builder.secret.Secrets;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.store.Stores;
import io.jbuild.linux.Self;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories fetched from servers on loopback. */
class GitRepositoriesTest {
  private static final GitAccess NOBODY =
      new GitAccess(new Secrets(Collections.emptySortedMap()), Optional.empty());
  private static final Instant COMMITTED = Instant.ofEpochSecond(1500000000);

  @TempDir private Path directory;
  private Path served;

  @BeforeEach
  void needRoot() {
    Assumptions.assumeTrue(Self.isRoot(), "skipped: only root can make layers");
    served = directory.resolve("served");
  }

  private GitRepositories repositories(GitAccess access) throws Exception {
    Stores stores = Stores.open(directory.resolve("store"), warning -> {});
    return new GitRepositories(stores, access, new Cancellation());
  }

  private GitTree fetch(String text) throws Exception {
    return fetch(text, NOBODY);
  }

  private GitTree fetch(String text, GitAccess access) throws Exception {
    return repositories(access).fetch(GitReference.parse(text).orElseThrow());
  }

  private static GitAccess with(String... idsAndValues) {
    SortedMap<String, SecretSource> secrets = new TreeMap<>();
    for (int i = 0; i < idsAndValues.length; i += 2) {
      byte[] value = idsAndValues[i + 1].getBytes(StandardCharsets.UTF_8);
      secrets.put(idsAndValues[i], new SecretSource.OfBytes(value));
    }
    return new GitAccess(new Secrets(secrets), Optional.empty());
  }

  private static String basic(String login) {
    return "basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(GitTree tree, String name) throws IOException {
    return Files.readString(tree.path().resolve(name));
  }

  private static String message(Exception error) {
    return String.valueOf(error.getMessage());
  }

  private Repository repository(String name, String... init) throws Exception {
    return Repository.in(served.resolve(name), init);
  }

  @Test
  void fetch_givesTheFilesOfTheDefaultBranch() throws Exception {
    Repository repository = repository("r.git").write("a", "one").write("d/b", "two");
    String commit = repository.commit("first");
    try (GitServer server = GitServer.over(served);
        GitTree tree = fetch(server.url("r.git"))) {
      assertEquals(commit, tree.commit());
      assertEquals(COMMITTED, tree.committed());
      assertEquals("two", read(tree, "d/b"));
      assertEquals(COMMITTED, Files.getLastModifiedTime(tree.path().resolve("d")).toInstant());
      assertEquals(COMMITTED, Files.getLastModifiedTime(tree.path()).toInstant());
      assertEquals(
          "rw-r--r--",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.path().resolve("a"))));
      assertTrue(Files.notExists(tree.path().resolve(".git")));
    }
  }

  @Test
  void fetch_ofABranchATagAndAnyRef() throws Exception {
    Repository repository = repository("r.git").write("a", "main");
    repository.commit("first");
    repository.git("tag", "-a", "-m", "a tag", "v1");
    repository.git("update-ref", "refs/pull/1/head", "HEAD");
    repository.write("a", "later").commit("second");
    repository.git("branch", "feature/main");
    repository.git("checkout", "-q", "-b", "both");
    repository.write("a", "branch").commit("third");
    repository.git("tag", "both", "v1");
    try (GitServer server = GitServer.over(served)) {
      String url = server.url("r.git");
      for (String[] row :
          new String[][] {
            {"#v1", "main"},
            {"?tag=v1", "main"},
            {"#refs/tags/v1", "main"},
            {"?ref=pull/1/head", "main"},
            {"#refs/pull/1/head", "main"},
            {"#main", "later"},
            {"?branch=main", "later"},
            {"#heads/main", "later"},
            {"#both", "branch"},
            {"?tag=both", "main"},
            {"#HEAD", "branch"},
          }) {
        try (GitTree tree = fetch(url + row[0])) {
          assertEquals(row[1], read(tree, "a"), row[0]);
        }
      }
      for (String missing : List.of("#none", "?tag=main", "?branch=v1", "#pull/2/head")) {
        UserException error =
            assertThrows(UserException.class, () -> fetch(url + missing), missing);
        assertTrue(message(error).contains("has no branch or tag"), error.getMessage());
      }
    }
  }

  @Test
  void fetch_ofAPinnedCommit_asksTheServerOnce() throws Exception {
    Repository repository = repository("r.git").write("a", "old");
    String old = repository.commit("first");
    repository.write("a", "new").commit("second");
    String url;
    try (GitServer server = GitServer.over(served)) {
      url = server.url("r.git");
      try (GitTree tree = fetch(url + "#" + old)) {
        assertEquals("old", read(tree, "a"));
      }
      int asked = server.requests().size();
      try (GitTree tree = fetch(url + "?checksum=" + old)) {
        assertEquals("old", read(tree, "a"));
      }
      assertEquals(asked, server.requests().size());
    }
    try (GitTree tree = fetch(url + "?fetch-by-commit=1&checksum=" + old + "#main")) {
      assertEquals("old", read(tree, "a"));
    }
    IOException error = assertThrows(IOException.class, () -> fetch(url + "#main"));
    assertTrue(message(error).startsWith("cannot fetch " + url + "#main: "), "" + error);
  }

  @Test
  void fetch_transfersNoHistory() throws Exception {
    Repository repository = repository("r.git").write("a", "1");
    String first = repository.commit("first");
    repository.write("a", "2").commit("second");
    try (GitServer server = GitServer.over(served);
        GitTree tree = fetch(server.url("r.git"))) {
      assertEquals("2", read(tree, "a"));
      Path bare = bare();
      Process process =
          new ProcessBuilder("git", "--git-dir", bare.toString(), "cat-file", "-e", first)
              .redirectErrorStream(true)
              .start();
      assertEquals(1, process.waitFor() == 0 ? 0 : 1);
    }
  }

  private Path bare() throws IOException {
    try (var all = Files.newDirectoryStream(directory.resolve("store/git"), "*.git")) {
      return all.iterator().next();
    }
  }

  @Test
  void fetch_afterTheBranchMoved_givesTheNewFiles() throws Exception {
    Repository repository = repository("r.git").write("a", "1");
    repository.commit("first");
    try (GitServer server = GitServer.over(served)) {
      fetch(server.url("r.git#main")).close();
      repository.write("a", "2").git("commit", "-qa", "--amend", "-m", "again");
      try (GitTree tree = fetch(server.url("r.git#main"))) {
        assertEquals("2", read(tree, "a"));
      }
    }
  }

  @Test
  void fetch_afterAKilledOne_findsNothingInItsWay() throws Exception {
    Repository repository = repository("r.git").write("a", "1");
    repository.commit("first");
    try (GitServer server = GitServer.over(served)) {
      fetch(server.url("r.git#main")).close();
      repository.write("a", "2").git("commit", "-qam", "second");
      String next = repository.git("rev-parse", "HEAD").strip();
      List<Path> left =
          List.of(
              bare().resolve("shallow.lock"),
              bare().resolve("config.lock"),
              bare().resolve("refs/jbuild/" + next + ".lock"),
              bare().resolve("objects/pack/tmp_pack_abcdef"));
      for (Path file : left) {
        Files.writeString(file, "half");
      }
      try (GitTree tree = fetch(server.url("r.git#main"))) {
        assertEquals("2", read(tree, "a"));
      }
      for (Path file : left) {
        assertFalse(Files.exists(file), file::toString);
      }
    }
  }

  @Test
  void fetch_ofWhatIsNotThere_saysSo() throws Exception {
    repository("r.git").commit("first");
    String missing = "0".repeat(39) + "1";
    try (GitServer server = GitServer.over(served)) {
      UserException noCommit =
          assertThrows(UserException.class, () -> fetch(server.url("r.git#" + missing)));
      assertTrue(message(noCommit).endsWith("it has no commit " + missing), "" + noCommit);
      UserException none = assertThrows(UserException.class, () -> fetch(server.url("none.git")));
      assertTrue(message(none).contains("no such repository"), "" + none);
      UserException other =
          assertThrows(UserException.class, () -> fetch(server.url("r.git?checksum=00#main")));
      assertTrue(message(other).contains("expected 00"), "" + other);
    }
  }

  @Test
  void fetch_fromAServerOfFiles_works() throws Exception {
    Repository repository = repository("work").write("a", "1");
    String old = repository.commit("first");
    repository.write("a", "2").commit("second");
    repository.git("clone", "-q", "--bare", ".", served.resolve("r.git").toString());
    repository.git("--git-dir", served.resolve("r.git").toString(), "update-server-info");
    try (GitServer server = GitServer.over(served)) {
      server.beDumb();
      try (GitTree tree = fetch(server.url("r.git#main"))) {
        assertEquals("2", read(tree, "a"));
      }
      try (GitTree tree = fetch(server.url("r.git#" + old))) {
        assertEquals("1", read(tree, "a"));
      }
    }
  }

  @Test
  void fetch_ofASha256Repository_works() throws Exception {
    Repository repository = repository("r.git", "--object-format=sha256").write("a", "1");
    String commit = repository.commit("first");
    assertEquals(64, commit.length());
    try (GitServer server = GitServer.over(served);
        GitTree byBranch = fetch(server.url("r.git#main"));
        GitTree byCommit = fetch(server.url("r.git?keep-git-dir=1#" + commit))) {
      assertEquals("1", read(byBranch, "a"));
      assertEquals(commit, byCommit.commit());
      assertEquals(commit, Files.readString(byCommit.path().resolve(".git/HEAD")).strip());
    }
  }

  @Test
  void subdir_isTheRootOfTheTree_andNoLinkLeadsOut() throws Exception {
    Repository repository = repository("r.git").write("d/e/f", "deep").write("g", "");
    Files.createSymbolicLink(repository.path().resolve("in"), Path.of("d/e"));
    Files.createSymbolicLink(repository.path().resolve("out"), Path.of("/etc"));
    Files.createSymbolicLink(repository.path().resolve("up"), Path.of("../../../../../etc"));
    repository.commit("first");
    try (GitServer server = GitServer.over(served)) {
      for (String subdir : List.of("d/e", "in", "/d/./e/", "../d/e", "d/../in")) {
        try (GitTree tree = fetch(server.url("r.git#main:" + subdir))) {
          assertEquals("deep", read(tree, "f"), subdir);
        }
      }
      for (String subdir : List.of("out", "up", "g", "none", "d/e/f", "../../../../etc")) {
        UserException error =
            assertThrows(
                UserException.class, () -> fetch(server.url("r.git#main:" + subdir)), subdir);
        assertTrue(message(error).contains("no such directory"), "" + error);
      }
    }
  }

  @Test
  void files_areThoseOfTheCommit_whateverItsAttributesSay() throws Exception {
    Repository repository =
        repository("r.git")
            .write(".gitattributes", "* export-ignore\nv export-subst\n")
            .write("v", "$Format:%H$\n");
    Files.createDirectories(repository.path().resolve(" -odd\n\"name"));
    repository.write(" -odd\n\"name/ü", "odd").write("x", "");
    Files.setPosixFilePermissions(
        repository.path().resolve("x"), PosixFilePermissions.fromString("rwxrwxrwx"));
    repository.commit("first");
    try (GitServer server = GitServer.over(served);
        GitTree tree = fetch(server.url("r.git"))) {
      assertEquals("$Format:%H$\n", read(tree, "v"));
      assertEquals("odd", read(tree, " -odd\n\"name/ü"));
      assertEquals(
          "rwxr-xr-x",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.path().resolve("x"))));
    }
  }

  @Test
  void mtimeCheckout_isNow() throws Exception {
    repository("r.git").write("a", "1").commit("first");
    try (GitServer server = GitServer.over(served);
        GitTree tree = fetch(server.url("r.git?mtime=checkout"))) {
      Instant modified = Files.getLastModifiedTime(tree.path().resolve("a")).toInstant();
      assertTrue(modified.isAfter(COMMITTED.plusSeconds(1)), "" + modified);
    }
  }

  @Test
  void keepGitDir_givesARepositoryOfOneCommit() throws Exception {
    Repository repository = repository("r.git").write("a", "1");
    repository.commit("first");
    repository.write("a", "2");
    String commit = repository.commit("second");
    repository.git("tag", "-a", "-m", "a tag", "v2");
    try (GitServer server = GitServer.over(served)) {
      String url = "http://user:secret@" + server.host() + "/r.git?keep-git-dir=true";
      try (GitTree tree = fetch(url + "#v2")) {
        assertEquals("", git(tree, "status", "--porcelain"));
        assertEquals("v2", git(tree, "describe").strip());
        assertEquals(commit, git(tree, "rev-list", "--all").strip());
        assertEquals(server.url("r.git"), git(tree, "remote", "get-url", "origin").strip());
        assertFalse(Files.exists(tree.path().resolve(".git/hooks")));
      }
      try (GitTree tree = fetch(url)) {
        assertEquals("", git(tree, "status", "--porcelain"));
        assertEquals(commit + " refs/heads/main", git(tree, "show-ref").strip());
      }
      try (GitTree tree = fetch(url + "#" + commit)) {
        assertEquals("", git(tree, "status", "--porcelain"));
        assertEquals(commit, git(tree, "rev-parse", "HEAD").strip());
      }
    }
  }

  private static String git(GitTree tree, String... arguments) throws Exception {
    return Repository.at(tree.path()).git(arguments);
  }

  @Test
  void submodules_areFetched_nestedAndRelative() throws Exception {
    repository("leaf.git").write("l", "leaf").commit("leaf");
    Repository middle = repository("a/middle.git").write("m", "middle");
    middle.submodule("../../leaf.git", "leaf", served.resolve("leaf.git"));
    middle.commit("middle");
    Repository top = repository("a/top.git").write("t", "top");
    top.submodule("../middle.git", "x/middle", served.resolve("a/middle.git"));
    top.commit("top");
    try (GitServer server = GitServer.over(served)) {
      try (GitTree tree = fetch(server.url("a/top.git"))) {
        assertEquals("leaf", read(tree, "x/middle/leaf/l"));
        assertEquals("middle", read(tree, "x/middle/m"));
        assertTrue(Files.notExists(tree.path().resolve("x/middle/.git")));
      }
      try (GitTree tree = fetch(server.url("a/top.git?submodules=false"))) {
        assertEquals("top", read(tree, "t"));
        assertTrue(Files.isDirectory(tree.path().resolve("x/middle")));
        assertTrue(Files.notExists(tree.path().resolve("x/middle/m")));
      }
      try (GitTree tree = fetch(server.url("a/top.git#main:x/middle/leaf"))) {
        assertEquals("leaf", read(tree, "l"));
      }
    }
  }

  @Test
  void submodules_withHostileAddresses_areRefused() throws Exception {
    Repository leaf = repository("leaf.git").write("l", "leaf");
    leaf.commit("leaf");
    int number = 0;
    try (GitServer server = GitServer.over(served)) {
      for (String url :
          List.of(
              "file://" + leaf.path(),
              leaf.path().toString(),
              "ext::sh -c id",
              "-oProxyCommand=id",
              "ssh://-oProxyCommand=id/x",
              "git@host:-x",
              "../../../../leaf.git",
              "--upload-pack=id")) {
        String name = "top" + number++ + ".git";
        Repository top = repository(name);
        top.submodule(url, "s", leaf.path());
        top.commit("top");
        UserException error = assertThrows(UserException.class, () -> fetch(server.url(name)), url);
        assertTrue(message(error).startsWith("submodule \"/s\" of "), "" + error);
        assertEquals("leave submodules out with ?submodules=false", error.hint().orElseThrow());
      }
    }
  }

  @Test
  void secrets_goToTheServerInAHeader() throws Exception {
    repository("r.git").write("a", "1").commit("first");
    try (GitServer server = GitServer.over(served)) {
      String url = server.url("r.git");
      String host = server.host();
      server.demand(basic("x-access-token:tok"));
      fetch(url, with("GIT_AUTH_TOKEN", "tok\n")).close();
      fetch(url, with("GIT_AUTH_TOKEN." + host, "tok", "GIT_AUTH_TOKEN", "wrong")).close();
      server.demand("Bearer abc");
      repository("s.git").commit("first");
      fetch(server.url("s.git"), with("GIT_AUTH_HEADER", "Bearer abc")).close();
      repository("t.git").commit("first");
      server.demand(basic("user:p@ss"));
      fetch("http://user:p%40ss@" + host + "/t.git").close();
      repository("u.git").commit("first");
      UserException error =
          assertThrows(UserException.class, () -> fetch(server.url("u.git"), with()));
      assertTrue(message(error).contains("wants another login"), "" + error);
      assertEquals(
          "give a token with --secret id=GIT_AUTH_TOKEN." + host + ",src=FILE",
          error.hint().orElseThrow());
      UserException wrong =
          assertThrows(
              UserException.class,
              () -> fetch(server.url("u.git"), with("GIT_AUTH_TOKEN", "wrong")));
      assertTrue(message(wrong).contains("wants another login"), "" + wrong);
      assertThrows(
          UserException.class, () -> fetch(server.url("u.git"), with("GIT_AUTH_TOKEN", "a\nb")));
    }
  }

  @Test
  void secrets_doNotFollowARedirection() throws Exception {
    repository("r.git").write("a", "1").commit("first");
    try (GitServer from = GitServer.over(served);
        GitServer to = GitServer.over(served)) {
      from.redirectTo("http://" + to.host());
      fetch(from.url("r.git")).close();
      UserException error =
          assertThrows(
              UserException.class, () -> fetch(from.url("r.git"), with("GIT_AUTH_TOKEN", "tok")));
      assertTrue(message(error).contains("redirects"), "" + error);
      assertEquals(List.of(), to.authorizations());
    }
  }

  @Test
  void secretsForNoHost_doNotReachTheServersOfSubmodules() throws Exception {
    repository("leaf.git").write("l", "leaf").commit("leaf");
    try (GitServer first = GitServer.over(served);
        GitServer second = GitServer.over(served)) {
      Repository top = repository("top.git");
      top.submodule(second.url("leaf.git"), "other", served.resolve("leaf.git"));
      top.submodule("../leaf.git", "same", served.resolve("leaf.git"));
      top.commit("top");
      fetch(first.url("top.git"), with("GIT_AUTH_TOKEN", "tok")).close();
      assertEquals(List.of(), second.authorizations());
      assertTrue(first.requests().stream().anyMatch(line -> line.contains("leaf.git")));
      assertTrue(first.authorizations().size() >= first.requests().size());
    }
  }

  @Test
  void commandLines_holdNoSecret_andNothingOfTheMachinesConfiguration() throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    GitProgram program =
        new GitProgram(
            home,
            Map.of("PATH", System.getenv("PATH"), "HOME", "/root", "GIT_DIR", "/x", "A", "b"),
            new Cancellation());
    GitRun run =
        program
            .run("fetch", "--", "https://h/a.git")
            .authorized(Optional.of("basic c2VjcmV0"), Optional.of(Path.of("/agent")));
    assertFalse(String.join(" ", run.commandLine()).contains("c2VjcmV0"));
    Map<String, String> environment = run.environment();
    assertEquals(home.toString(), environment.get("HOME"));
    assertEquals("/agent", environment.get("SSH_AUTH_SOCK"));
    assertEquals("https:http:ssh:git", environment.get("GIT_ALLOW_PROTOCOL"));
    assertEquals("0", environment.get("GIT_TERMINAL_PROMPT"));
    assertEquals("/dev/null", environment.get("GIT_CONFIG_GLOBAL"));
    assertFalse(environment.containsKey("GIT_DIR"));
    assertFalse(environment.containsKey("A"));
    assertTrue(String.valueOf(environment.get("GIT_SSH_COMMAND")).contains("IdentityFile=none"));
    assertTrue(String.valueOf(environment.get("GIT_SSH_COMMAND")).contains("BatchMode=yes"));
  }

  @Test
  void withoutGit_isAnErrorThatNamesIt() throws Exception {
    Stores stores = Stores.open(directory.resolve("store"), warning -> {});
    GitRepositories none =
        new GitRepositories(stores, NOBODY, Map.of("PATH", "bin:/nowhere"), new Cancellation());
    UserException error =
        assertThrows(
            UserException.class,
            () -> none.fetch(GitReference.parse("https://127.0.0.1:1/a.git").orElseThrow()));
    assertEquals("install git", error.hint().orElseThrow());
  }

  private Path script(String name, String text) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path script = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin;
  }

  private GitRepositories withPath(Path bin) throws Exception {
    return new GitRepositories(
        Stores.open(directory.resolve("store"), warning -> {}),
        new GitAccess(
            new Secrets(Collections.emptySortedMap()), Optional.of(Path.of("/run/agent"))),
        Map.of("PATH", bin + ":" + System.getenv("PATH")),
        new Cancellation());
  }

  @Test
  void anOldGit_isRefused() throws Exception {
    GitRepositories old = withPath(script("git", "echo git version 2.30.9"));
    UserException error =
        assertThrows(
            UserException.class,
            () -> old.fetch(GitReference.parse("https://127.0.0.1:1/a.git").orElseThrow()));
    assertEquals("\"git version 2.30.9\" is too old", error.getMessage());
  }

  @Test
  void ssh_thatFails_saysWhy() throws Exception {
    GitReference reference = GitReference.parse("git@h:a.git").orElseThrow();
    for (String[] row :
        new String[][] {
          {"ssh: connect to host h port 22: Connection refused", "port 22: Connection refused"},
          {"git@h: Permission denied (publickey).", "the server wants another login"},
          {"Host key verification failed.", "is not the one that is known"},
        }) {
      Path bin = script("ssh", "echo '" + row[0] + "' >&2; exit 255");
      Exception error = assertThrows(Exception.class, () -> withPath(bin).fetch(reference), row[0]);
      assertTrue(message(error).endsWith(row[1]), "" + error);
    }
  }

  @Test
  void fetch_fromAServerThatGivesOnlyWhatRefsName_takesThemAll() throws Exception {
    Repository repository = repository("r.git").write("a", "1");
    String first = repository.commit("first");
    repository.write("a", "2").commit("second");
    try (GitServer server = GitServer.over(served)) {
      server.beOld();
      try (GitTree tree = fetch(server.url("r.git"))) {
        assertEquals("2", read(tree, "a"));
      }
      try (GitTree tree = fetch(server.url("r.git#" + first))) {
        assertEquals("1", read(tree, "a"));
      }
    }
  }

  @Test
  void ssh_runsWithTheAgentAlone() throws Exception {
    Repository repository = repository("r.git").write("a", "1");
    repository.commit("first");
    Path log = directory.resolve("log");
    // It shows what it was called with, and then is the server itself.
    Path bin =
        script(
            "ssh",
            "{ printf '%s|' \"$@\"; echo \"$SSH_AUTH_SOCK\"; } >> "
                + log
                + "\nfor last; do :; done\nexec sh -c \"$last\"");
    GitRepositories repositories = withPath(bin);
    String url = "git@host:" + repository.path();
    try (GitTree tree = repositories.fetch(GitReference.parse(url).orElseThrow())) {
      assertEquals("1", read(tree, "a"));
    }
    String call = Files.readString(log).lines().findFirst().orElseThrow();
    assertTrue(call.startsWith("-F|/dev/null|-o|BatchMode=yes|"), call);
    assertTrue(call.contains("|IdentityAgent=SSH_AUTH_SOCK|"), call);
    assertTrue(call.endsWith("|/run/agent"), call);
  }

  @Test
  void cancellation_endsAFetch() throws Exception {
    repository("r.git").commit("first");
    Cancellation cancellation = new Cancellation();
    Stores stores = Stores.open(directory.resolve("store"), warning -> {});
    GitRepositories repositories = new GitRepositories(stores, NOBODY, cancellation);
    try (GitServer server = GitServer.over(served)) {
      CompletableFuture<Void> asked = server.hang();
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                try {
                  repositories.fetch(GitReference.parse(server.url("r.git")).orElseThrow()).close();
                } catch (IOException | UserException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      asked.get();
      cancellation.cancel(Cancellation.Strength.HARD);
      Exception error = assertThrows(Exception.class, end::get);
      assertTrue(
          error instanceof CancellationException
              || error.getCause() instanceof CancellationException,
          "" + error);
    }
  }

  @Test
  void manyAtOnce_allSucceed() throws Exception {
    repository("r.git").write("a", "1").commit("first");
    try (GitServer server = GitServer.over(served)) {
      List<CompletableFuture<String>> all =
          Collections.nCopies(6, server.url("r.git")).stream()
              .map(url -> CompletableFuture.supplyAsync(() -> content(url)))
              .toList();
      for (CompletableFuture<String> one : all) {
        assertEquals("1", one.get());
      }
    }
  }

  private String content(String url) {
    try (GitTree tree = fetch(url)) {
      return read(tree, "a");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

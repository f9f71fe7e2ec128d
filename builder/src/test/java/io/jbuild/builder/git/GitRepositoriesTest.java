package io.jbuild.builder.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.git.GitServer.Repository;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.store.Stores;
import io.jbuild.linux.Self;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories fetched from servers on loopback. */
class GitRepositoriesTest {
  private static final GitAccess NOBODY =
      new GitAccess(Collections.emptySortedMap(), Optional.empty());

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

  @Test
  void fetch_givesTheFilesOfTheDefaultBranch() throws Exception {
    Repository repository = Repository.in(served.resolve("r.git"));
    repository.write("a", "one").write("d/b", "two");
    String commit = repository.commit("first");
    try (GitServer server = GitServer.over(served);
        GitTree tree =
            repositories(NOBODY).fetch(GitReference.parse(server.url("r.git")).orElseThrow())) {
      assertEquals(commit, tree.commit());
      assertEquals(Instant.ofEpochSecond(1500000000), tree.committed());
      assertEquals("two", Files.readString(tree.path().resolve("d/b")));
      assertEquals(
          Instant.ofEpochSecond(1500000000),
          Files.getLastModifiedTime(tree.path().resolve("d")).toInstant());
      assertTrue(Files.notExists(tree.path().resolve(".git")));
    }
  }
}

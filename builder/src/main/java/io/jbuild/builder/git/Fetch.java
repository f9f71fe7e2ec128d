package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ways to ask a server for objects, from the cheapest on: not every server knows each. */
final class Fetch {
  private final BareRepository repository;
  private final GitRemote remote;
  private final Optional<String> authorization;
  private final Optional<Path> agent;

  Fetch(
      BareRepository repository,
      GitRemote remote,
      Optional<String> authorization,
      Optional<Path> agent) {
    this.repository = repository;
    this.remote = remote;
    this.authorization = authorization;
    this.agent = agent;
  }

  /**
   * Fetches what a ref names, or one object, without its history.
   *
   * @param wanted a ref or an id
   * @param kept the id that it is kept under
   * @return whether the server gave it
   */
  boolean one(String wanted, String kept) throws IOException, UserException, InterruptedException {
    String refspec = "+" + wanted + ":" + BareRepository.kept(kept);
    try {
      fetch(List.of("--depth=1", "--no-tags"), List.of(refspec));
      return true;
    } catch (GitFailure e) {
      if (isNotGiven(e)) {
        return false;
      }
      if (e.says("shallow") || e.says("--depth")) {
        return whole(refspec);
      }
      throw e;
    }
  }

  /** The same with its history: over dumb HTTP there is no other way. */
  private boolean whole(String refspec) throws IOException, UserException, InterruptedException {
    try {
      fetch(List.of("--no-tags"), List.of(refspec));
      return true;
    } catch (GitFailure e) {
      if (isNotGiven(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Everything that branches and tags name, with its history. */
  void all() throws IOException, UserException, InterruptedException {
    boolean shallow = Files.exists(repository.directory().resolve("shallow"));
    fetch(
        shallow ? List.of("--unshallow", "--no-tags") : List.of("--no-tags"),
        List.of("+refs/heads/*:refs/remote/heads/*", "+refs/tags/*:refs/remote/tags/*"));
  }

  private static boolean isNotGiven(GitFailure failure) {
    return failure.says("not our ref")
        || failure.says("unadvertised object")
        || failure.says("couldn't find remote ref")
        || failure.says("no such ref was fetched");
  }

  private void fetch(List<String> options, List<String> refspecs)
      throws IOException, UserException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--quiet", "--no-write-fetch-head"));
    arguments.addAll(options);
    arguments.add("--");
    arguments.add(remote.url());
    arguments.addAll(refspecs);
    repository
        .run("fetch", arguments.toArray(String[]::new))
        .authorized(authorization, agent)
        .run();
  }
}

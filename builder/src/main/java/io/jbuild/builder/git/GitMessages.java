package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.util.List;

/** What a server's refusal means to a person. */
final class GitMessages {
  private static final List<String> REFUSALS =
      List.of(
          "Authentication failed",
          "could not read Username",
          "could not read Password",
          "Permission denied (",
          "The requested URL returned error: 401",
          "The requested URL returned error: 403");

  private GitMessages() {}

  static String printable(String text, int longest) {
    return Printable.limit(text, longest);
  }

  /**
   * A user's mistake where git's words tell one, else the failure of the world.
   *
   * @param what the repository, as the user named it
   */
  static IOException explain(String what, GitRemote remote, GitAccess access, GitFailure failure)
      throws UserException {
    String problem = "cannot fetch " + what + ": ";
    if (REFUSALS.stream().anyMatch(failure::says)) {
      throw new UserException(problem + "the server wants another login", hint(remote, access));
    }
    if (failure.says("Host key verification failed")) {
      throw new UserException(
          problem + "the key of the host " + remote.host() + " is not the one that is known",
          "if it was changed, remove the old one from known_hosts");
    }
    if (failure.says("cannot run ssh") || failure.says("ssh: not found")) {
      throw new UserException(
          problem + "the program ssh is not installed", "install openssh-client");
    }
    if (failure.says("error: 30")) {
      throw new UserException(
          problem + "the server redirects to another URL",
          "credentials go to one server only:" + " give the new URL");
    }
    if (failure.says("not found") || failure.says("does not appear to be a git repository")) {
      throw new UserException(
          problem + "there is no such repository, or it is a private one", hint(remote, access));
    }
    return new IOException(problem + failure.reason(), failure);
  }

  private static String hint(GitRemote remote, GitAccess access) {
    if (remote.isSsh()) {
      return access.agent().isPresent()
          ? "load a key that may read it into the agent with ssh-add"
          : "forward an SSH agent with --ssh default";
    }
    return remote.isHttp()
        ? "give a token with --secret id=GIT_AUTH_TOKEN." + remote.host() + ",src=FILE"
        : "see git ls-remote " + remote;
  }
}

package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.oci.text.Printable;
import java.io.IOException;

/** What a server's refusal means to a person. */
final class GitMessages {
  private GitMessages() {}

  static String printable(String text, int longest) {
    return Printable.limit(text, longest);
  }

  /** A user's mistake where git's words tell one, else the failure of the world. */
  static IOException explain(GitReference reference, GitAccess access, GitFailure failure)
      throws UserException {
    String what = "cannot fetch " + reference + ": ";
    GitRemote remote = reference.remote();
    if (isRefusal(failure)) {
      throw new UserException(what + "the server wants another login", hint(remote, access));
    }
    if (failure.says("Host key verification failed")) {
      throw new UserException(
          what + "the host key of " + remote.host() + " is not the one that is known",
          "if it has really changed, remove the old key from known_hosts");
    }
    if (failure.says("cannot run ssh")) {
      throw new UserException(what + "the program ssh is not installed", "install openssh-client");
    }
    if (failure.says("not found") || failure.says("does not appear to be a git repository")) {
      throw new UserException(
          what + "there is no such repository, or it is a private one", hint(remote, access));
    }
    if (failure.says("redirect")) {
      throw new UserException(
          what + failure.reason(), "credentials do not follow redirections: give the new URL");
    }
    return new IOException(what + failure.reason(), failure);
  }

  private static boolean isRefusal(GitFailure failure) {
    return failure.says("Authentication failed")
        || failure.says("could not read Username")
        || failure.says("could not read Password")
        || failure.says("Permission denied (")
        || failure.says("The requested URL returned error: 401")
        || failure.says("The requested URL returned error: 403");
  }

  private static String hint(GitRemote remote, GitAccess access) {
    if (remote.isSsh()) {
      return access.agent().isPresent()
          ? "load a key that may read it into the agent with ssh-add"
          : "forward an SSH agent with --ssh default";
    }
    return "give a token with --secret id=GIT_AUTH_TOKEN." + remote.host() + ",src=FILE";
  }
}

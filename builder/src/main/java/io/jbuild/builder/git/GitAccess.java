package io.jbuild.builder.git;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.UserException;
import io.jbuild.builder.secret.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * What a build may show to servers of repositories. The secrets {@code GIT_AUTH_HEADER.HOST} and
 * {@code GIT_AUTH_TOKEN.HOST} are for one host, those without a host for whatever host a reference
 * names. Nothing else of the user's is used: no credential helper, no key file, no .netrc.
 *
 * @param agent the socket of the SSH agent that the user forwards
 */
public record GitAccess(Secrets secrets, Optional<Path> agent) {
  private static final String HEADER = "GIT_AUTH_HEADER";
  private static final String TOKEN = "GIT_AUTH_TOKEN";

  /** That of {@code --secret} and {@code --ssh default}. */
  public static GitAccess of(BuildRequest request) {
    return new GitAccess(
        new Secrets(request.secrets()), Optional.ofNullable(request.sshSockets().get("default")));
  }

  /** The value of the Authorization header for a remote that a reference names. */
  Optional<String> authorization(GitRemote remote) throws IOException, UserException {
    Optional<String> own = forHost(remote);
    if (own.isPresent() || !remote.isHttp()) {
      return own;
    }
    Optional<String> header = secrets.line(HEADER);
    if (header.isPresent()) {
      return header;
    }
    Optional<String> token = secrets.line(TOKEN).map(GitAccess::basic);
    return token.isPresent() ? token : remote.login().map(login -> base64(decoded(login)));
  }

  /**
   * The same for a repository that another one names: what is for no certain host goes only to
   * where the first one came from.
   */
  Optional<String> authorization(GitRemote submodule, GitRemote first)
      throws IOException, UserException {
    return submodule.isSameOrigin(first) && submodule.login().isEmpty()
        ? authorization(
            new GitRemote(
                submodule.protocol(),
                submodule.host(),
                submodule.path(),
                submodule.user(),
                first.login()))
        : forHost(submodule);
  }

  private Optional<String> forHost(GitRemote remote) throws IOException, UserException {
    if (!remote.isHttp()) {
      return Optional.empty();
    }
    Optional<String> header = secrets.line(HEADER + "." + remote.host());
    return header.isPresent()
        ? header
        : secrets.line(TOKEN + "." + remote.host()).map(GitAccess::basic);
  }

  private static String basic(String token) {
    return base64("x-access-token:" + token);
  }

  private static String base64(String login) {
    byte[] bytes = login.getBytes(StandardCharsets.UTF_8);
    return "basic " + Base64.getEncoder().encodeToString(bytes);
  }

  private static String decoded(String login) {
    return java.net.URLDecoder.decode(login.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}

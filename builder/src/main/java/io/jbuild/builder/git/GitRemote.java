package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a repository is, over a network: never a directory of this machine.
 *
 * @param protocol {@code https}, {@code http}, {@code ssh} or {@code git}
 * @param host as written, with the port if there is one
 * @param path what follows the host; of {@code git@host:path} what follows the colon
 * @param user empty where the URL names none
 * @param login {@code user:password} of an https or http URL, still percent-encoded; it is in no
 *     {@link #url} and in no message
 */
public record GitRemote(
    String protocol, String host, String path, Optional<String> user, Optional<String> login) {
  private static final Set<String> PROTOCOLS = Set.of("https", "http", "ssh", "git");
  private static final Pattern URL =
      Pattern.compile("([a-zA-Z0-9]+)://(?:([^/@]*)@)?([^/@]*)(/.*)?");
  private static final Pattern SCP =
      Pattern.compile("([A-Za-z0-9_-]+)@([A-Za-z0-9_.-]+):(.*)", Pattern.DOTALL);
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_.-]*|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.~%+][A-Za-z0-9_.~%+-]*");

  public GitRemote {
    if (!PROTOCOLS.contains(protocol)
        || !HOST.matcher(host).matches()
        || !isPlain(path)
        || path.startsWith("-")
        || user.map(name -> !USER.matcher(name).matches()).orElse(false)) {
      throw new IllegalArgumentException("no git remote: " + protocol + ", " + host + ", " + path);
    }
  }

  /** A URL or {@code user@host:path}, without query and fragment. */
  static GitRemote parse(String text) throws UserException {
    if (!isPlain(text)) {
      throw bad(text, "it has a character that a URL cannot have", "percent-encode it");
    }
    Matcher url = URL.matcher(text);
    if (url.matches()) {
      return url(text, url);
    }
    Matcher scp = SCP.matcher(text);
    if (scp.matches()) {
      return of("ssh", scp.group(2), scp.group(3), Optional.of(scp.group(1)), Optional.empty());
    }
    throw bad(text, "not a URL of a repository", "give https://HOST/PATH.git or git@HOST:PATH");
  }

  private static GitRemote url(String text, Matcher url) throws UserException {
    String protocol = url.group(1).toLowerCase(Locale.ROOT);
    if (!PROTOCOLS.contains(protocol)) {
      throw bad(
          text,
          "repositories are not fetched by the protocol \"" + protocol + "\"",
          "use https, ssh, http or git");
    }
    String path = Optional.ofNullable(url.group(4)).orElse("");
    Optional<String> login = Optional.ofNullable(url.group(2)).filter(value -> !value.isEmpty());
    if (login.isPresent() && protocol.startsWith("http")) {
      return of(protocol, url.group(3), path, Optional.empty(), login);
    }
    if (login.isPresent() && protocol.equals("git")) {
      throw bad(text, "the protocol \"git\" knows no users", "use https or ssh");
    }
    if (login.isPresent() && login.get().contains(":")) {
      throw bad(text, "a password is of no use with ssh", "give a key with --ssh");
    }
    return of(protocol, url.group(3), path, login, Optional.empty());
  }

  private static GitRemote of(
      String protocol, String host, String path, Optional<String> user, Optional<String> login)
      throws UserException {
    boolean scp = !path.startsWith("/") && !path.isEmpty();
    String shown = protocol + " repository \"" + path + "\" of \"" + host + "\"";
    if (!HOST.matcher(host).matches()) {
      throw new UserException("cannot fetch the " + shown + ": not a name of a host");
    }
    if (path.isEmpty() || path.equals("/")) {
      throw new UserException("cannot fetch the " + shown + ": the path is missing");
    }
    if ((scp && (path.startsWith("-") || path.startsWith(":"))) || path.startsWith("/-")) {
      throw new UserException("cannot fetch the " + shown + ": the path begins with a dash");
    }
    if (user.isPresent() && !USER.matcher(user.get()).matches()) {
      throw new UserException("cannot fetch the " + shown + ": not a user's name");
    }
    return new GitRemote(protocol, host, path, user, login);
  }

  private static UserException bad(String text, String why, String hint) {
    return new UserException("\"" + withoutLogin(text) + "\": " + why, hint);
  }

  /** For messages about text that is no remote, or may be none. */
  static String withoutLogin(String text) {
    return text.replaceFirst("^([a-zA-Z0-9]+://)[^/]*@", "$1");
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
  }

  boolean isSsh() {
    return protocol.equals("ssh");
  }

  boolean isHttp() {
    return protocol.startsWith("http");
  }

  /** Whether both are reached by the same protocol at the same host and port. */
  boolean isSameOrigin(GitRemote other) {
    return protocol.equals(other.protocol) && host.equalsIgnoreCase(other.host);
  }

  /** What git is told: without a password. */
  public String url() {
    String at = user.map(name -> name + "@").orElse("");
    return path.startsWith("/") ? protocol + "://" + at + host + path : at + host + ":" + path;
  }

  /** The last part of the path, without {@code .git}. */
  public String name() {
    String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1);
    return last.endsWith(".git") ? last.substring(0, last.length() - 4) : last;
  }

  /** Never a password. */
  @Override
  public String toString() {
    return url();
  }
}

package io.jbuild.builder;

import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the files of a context are, or the image or stage that stands for them. */
public sealed interface ContextSource {
  /** A directory of this machine, with its ignore file. */
  record Directory(Path path) implements ContextSource {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /** {@code docker-image://scratch}: nothing at all. */
  record Scratch() implements ContextSource {
    @Override
    public String toString() {
      return IMAGE + "scratch";
    }
  }

  /** {@code docker-image://REFERENCE}: an image of the store or of a registry. */
  record Image(Reference reference) implements ContextSource {
    @Override
    public String toString() {
      return IMAGE + reference.familiar();
    }
  }

  /**
   * {@code oci-layout://PLACE}: an image of a layout.
   *
   * @param place {@code DIRECTORY}, {@code DIRECTORY:TAG} or {@code DIRECTORY@DIGEST}
   */
  record Layout(String place) implements ContextSource {
    @Override
    public String toString() {
      return LAYOUT + place;
    }
  }

  /** {@code target:NAME}: a stage of the same Buildfile. */
  record Target(String stage) implements ContextSource {
    @Override
    public String toString() {
      return TARGET + stage;
    }
  }

  /** What is fetched; as text it shows no credentials. */
  sealed interface Remote extends ContextSource {
    /** What a text names that is not of this machine; empty when it is a path. */
    static Optional<Remote> find(String text) throws UserException {
      if (Git.isAddress(text)) {
        return Optional.of(new Git(text));
      }
      return isHttp(text) ? Optional.of(new Http(address(text))) : Optional.empty();
    }
  }

  /**
   * A git repository.
   *
   * @param address with the fragment and the query that say what of it is wanted
   */
  record Git(String address) implements Remote {
    /**
     * As BuildKit has it: over http and https only what ends in {@code .git} is a repository, and
     * what has the form {@code user@host:path} always is.
     */
    public static boolean isAddress(String text) {
      String place = text.split("[?#]", 2)[0];
      if (isHttp(place)) {
        return place.matches("(?s)[^:]*://[^/]*/.*\\.git");
      }
      String lower = place.toLowerCase(Locale.ROOT);
      return lower.startsWith("git://")
          || lower.startsWith("ssh://")
          || SCP.matcher(place).matches();
    }

    @Override
    public String toString() {
      return address.replaceFirst("://[^/?#]*@", "://");
    }
  }

  /**
   * {@code http://} or {@code https://}: a tar archive, or a single file.
   *
   * @param address with a host; it may hold credentials
   */
  record Http(URI address) implements Remote {
    public Http {
      if (address.getHost() == null || !isHttp(address.toString())) {
        throw new IllegalArgumentException("no address of a web server: " + address);
      }
    }

    /** The address as it is asked for: a login is sent in a header, a fragment not at all. */
    public URI withoutLogin() {
      StringBuilder text = new StringBuilder(toString());
      if (address.getRawPath().isEmpty()) {
        text.append('/');
      }
      if (address.getRawQuery() != null) {
        text.append('?').append(address.getRawQuery());
      }
      return URI.create(text.toString());
    }

    @Override
    public String toString() {
      String port = address.getPort() < 0 ? "" : ":" + address.getPort();
      return address.getScheme() + "://" + address.getHost() + port + address.getRawPath();
    }
  }

  String IMAGE = "docker-image://";
  String LAYOUT = "oci-layout://";
  String TARGET = "target:";

  /** {@code user@host:path}, as ssh has it. */
  Pattern SCP = Pattern.compile("[A-Za-z0-9_-]+@[A-Za-z0-9_.-]+:.*", Pattern.DOTALL);

  /** What has a scheme and is none of ours, a Windows drive aside, is a mistake and no path. */
  Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://.*", Pattern.DOTALL);

  /** What {@code --build-context} takes after the name. */
  static ContextSource parse(String text) throws UserException {
    if (text.startsWith(IMAGE)) {
      return image(text.substring(IMAGE.length()));
    } else if (text.startsWith(LAYOUT)) {
      return new Layout(text.substring(LAYOUT.length()));
    } else if (text.startsWith(TARGET)) {
      return new Target(text.substring(TARGET.length()));
    }
    Optional<Remote> remote = Remote.find(text);
    return remote.isPresent() ? remote.get() : new Directory(path(text));
  }

  private static ContextSource image(String name) throws UserException {
    if (name.equals("scratch")) {
      return new Scratch();
    }
    try {
      return new Image(Reference.parse(name));
    } catch (MalformedException e) {
      throw new UserException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Path path(String text) throws UserException {
    if (SCHEME.matcher(text).matches()) {
      throw new UserException(
          "unknown kind of context " + Printable.quote(text),
          "give a directory, docker-image://, oci-layout://, target:, a git repository, http:// or"
              + " https://");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UserException("no path: " + Printable.quote(text), e);
    }
  }

  private static boolean isHttp(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  private static URI address(String text) throws UserException {
    try {
      URI address = new URI(text);
      if (address.getHost() == null) {
        throw new UserException("no host in " + Printable.quote(text));
      }
      return address;
    } catch (URISyntaxException e) {
      throw new UserException("no valid URL: " + e.getMessage(), e);
    }
  }
}

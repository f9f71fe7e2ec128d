package io.jbuild.registry.http;

import io.jbuild.oci.text.Printable;
import java.net.URI;

/** What came from outside, made fit for one line of an error message. */
public final class Shown {
  private static final int MAX_CHARS = 256;

  private Shown() {}

  /** Without control characters, and cut after 256 characters. */
  public static String line(String text) {
    return Printable.line(text, MAX_CHARS);
  }

  public static String quoted(String text) {
    return Printable.quote(text);
  }

  /**
   * An address without what may be secret in it: user information goes, and so does the query,
   * where signed addresses of storage services carry their signature.
   */
  public static String address(URI uri) {
    String host = uri.getHost() == null ? "?" : uri.getHost();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return line(uri.getScheme() + "://" + host + port + path);
  }
}

package io.jbuild.registry;

import io.jbuild.registry.http.RefusedAddressException;
import io.jbuild.registry.http.Shown;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses that servers name, relative or not, and queries added to them. */
final class Addresses {
  private static final int MAX_LENGTH = 16 * 1024;

  private Addresses() {}

  /** What {@code location} means in an answer from {@code base}; without a fragment. */
  static URI resolve(URI base, String location) throws RefusedAddressException {
    if (location.isEmpty() || location.length() > MAX_LENGTH) {
      throw new RefusedAddressException(Shown.address(base) + ": no usable Location in the answer");
    }
    try {
      URI target = base.resolve(new URI(location));
      String text = target.toString();
      int fragment = text.indexOf('#');
      return fragment < 0 ? target : new URI(text.substring(0, fragment));
    } catch (java.net.URISyntaxException | IllegalArgumentException e) {
      // the parts of such text that are secret cannot be told: do not show it
      throw new RefusedAddressException(
          Shown.address(base) + ": the Location in the answer is not an address");
    }
  }

  /** The address with one more query parameter; what is there already is kept byte for byte. */
  static URI withQuery(URI uri, String name, String value) {
    char joint = uri.getRawQuery() == null ? '?' : '&';
    return URI.create(uri.toString() + joint + name + '=' + encode(value));
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

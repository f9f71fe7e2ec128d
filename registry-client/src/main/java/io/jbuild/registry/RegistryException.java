package io.jbuild.registry;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A registry, or another server of files, refused a request, answered nonsense, or could not be
 * reached. The message is one line: request, status, the registry's own words (escaped and cut),
 * and what to do where that is known.
 */
public final class RegistryException extends IOException {
  private static final long serialVersionUID = 1L;

  /** One entry of the {@code errors} list that registries answer with; any part may be "". */
  public record Code(String code, String message, String detail) {
    @Override
    public String toString() {
      StringBuilder out = new StringBuilder(code);
      if (!message.isEmpty()) {
        out.append(out.length() == 0 ? "" : ": ").append(message);
      }
      if (!detail.isEmpty() && !message.contains(detail)) {
        out.append(" (").append(detail).append(')');
      }
      return out.toString();
    }
  }

  private final String request;
  private final int status;
  private final transient List<Code> codes;

  RegistryException(
      String request, int status, List<Code> codes, String said, @Nullable Throwable cause) {
    super(request + ": " + said, cause);
    this.request = request;
    this.status = status;
    this.codes = List.copyOf(codes);
  }

  /** Without an answer, or because of what the answer holds. */
  RegistryException(String request, String why, @Nullable Throwable cause) {
    this(request, 0, List.of(), why, cause);
  }

  /** The same failure with a note behind it: why it was not tried again, what else went wrong. */
  RegistryException noting(String note) {
    String said = String.valueOf(getMessage()).substring(request.length() + 2);
    RegistryException noted =
        new RegistryException(request, status, codes(), said + "; " + note, getCause());
    noted.setStackTrace(getStackTrace());
    return noted;
  }

  /** Method and address, without user information and query. */
  public String request() {
    return request;
  }

  /** The HTTP status, when it was the registry's answer that failed. */
  public OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  public List<Code> codes() {
    return codes == null ? List.of() : codes; // null after deserialisation only
  }

  public boolean isNotFound() {
    return status == 404;
  }

  /** Not logged in, or logged in without the right. */
  public boolean isDenied() {
    return status == 401 || status == 403;
  }

  boolean has(String code) {
    return codes().stream().anyMatch(each -> each.code().equals(code));
  }
}

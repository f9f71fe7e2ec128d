package io.jbuild.registry;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.credentials.CredentialException;
import io.jbuild.registry.http.BodyTooLongException;
import io.jbuild.registry.http.RefusedAddressException;
import io.jbuild.registry.http.SourceException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed, as data for {@link RetryPolicy}.
 *
 * @param temporary whether the same request may work in a moment
 * @param asked what the registry said in Retry-After
 */
record Failure(IOException exception, boolean temporary, Optional<Duration> asked) {
  private static final Set<Integer> TEMPORARY = Set.of(408, 429, 500, 502, 503, 504);

  static boolean isTemporary(int status) {
    return TEMPORARY.contains(status);
  }

  /** A failure on the way to the answer, or in the middle of its body. */
  static Failure of(IOException exception) {
    return new Failure(exception, isTemporary(exception), Optional.empty());
  }

  /** Nobody listens there: a server that is starting comes up soon, or not at all. */
  boolean isUnreachable() {
    for (Throwable each = exception; each != null; each = each.getCause()) {
      if (each instanceof ConnectException) {
        return true;
      }
    }
    return false;
  }

  /** The thread was interrupted; a socket's timeout is a kind of the same exception. */
  static boolean isInterrupt(IOException exception) {
    return exception instanceof InterruptedIOException
        && !(exception instanceof SocketTimeoutException);
  }

  private static boolean isTemporary(IOException exception) {
    if (isInterrupt(exception)) {
      return false;
    }
    for (Throwable each = exception; each != null; each = each.getCause()) {
      if (isFinal(each)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFinal(Throwable each) {
    return each instanceof RegistryException
        || each instanceof RefusedAddressException
        || each instanceof BodyTooLongException
        || each instanceof SourceException
        || each instanceof CredentialException
        || each instanceof MalformedException
        || each instanceof ProtocolException
        || each instanceof UnknownHostException
        || each instanceof UnresolvedAddressException
        || (each instanceof SSLException && !isCut(each.getCause()));
  }

  /** A TLS connection that ended, rather than one whose certificate is wrong. */
  private static boolean isCut(@Nullable Throwable cause) {
    return cause instanceof EOFException || cause instanceof SocketException;
  }
}

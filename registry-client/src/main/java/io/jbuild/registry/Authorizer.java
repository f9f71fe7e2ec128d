package io.jbuild.registry;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.credentials.Credential;
import io.jbuild.registry.credentials.CredentialException;
import io.jbuild.registry.http.Response;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The Authorization headers for one registry. It remembers the registry's challenge, so that later
 * requests bring their token at once, and the tokens by realm, service and scope.
 */
final class Authorizer {
  private final String registry;
  private final RegistrySettings settings;
  private final TokenEndpoint tokens;
  private final Map<TokenKey, Slot> slots = new ConcurrentHashMap<>();
  private volatile @Nullable Challenge remembered;
  private Optional<Credential> credential = Optional.empty();
  private @Nullable CredentialException broken;
  private boolean asked;

  private record TokenKey(String realm, String service, Scope scope) {}

  /** One flight per key: who comes second waits here and finds the token. */
  private static final class Slot {
    final ReentrantLock lock = new ReentrantLock();
    @Nullable Token token;
  }

  Authorizer(String registry, RegistrySettings settings, TokenEndpoint tokens) {
    this.registry = registry;
    this.settings = settings;
    this.tokens = tokens;
  }

  /** What to send before the registry asks: nothing, until it asked once. */
  Optional<String> upfront(Scope scope) throws IOException {
    Challenge known = remembered;
    return known == null ? Optional.empty() : header(known, scope, Optional.empty());
  }

  /**
   * Answers a 401.
   *
   * @param rejected what was sent; the answer is another one, or nothing
   */
  Optional<String> answer(Response refusal, Scope scope, Optional<String> rejected)
      throws IOException {
    Optional<Challenge> challenge = choose(refusal);
    if (challenge.isEmpty()) {
      return Optional.empty();
    }
    remembered = challenge.get();
    return header(challenge.get(), scope, rejected).filter(value -> !isSame(value, rejected));
  }

  private static boolean isSame(String value, Optional<String> rejected) {
    return rejected.isPresent() && rejected.get().equals(value);
  }

  /** Bearer rather than Basic: it does not hand out the password with each request. */
  private static Optional<Challenge> choose(Response refusal) throws MalformedException {
    var challenges = Challenge.parse(refusal.headers().allValues("WWW-Authenticate"));
    return Challenge.find(challenges, "bearer").or(() -> Challenge.find(challenges, "basic"));
  }

  private Optional<String> header(Challenge challenge, Scope scope, Optional<String> rejected)
      throws IOException {
    Optional<Credential> known = credential(scope);
    if (known.isPresent() && known.get() instanceof Credential.RegistryToken token) {
      return Optional.of("Bearer " + token.token());
    }
    if (challenge.scheme().equals("bearer")) {
      return Optional.of("Bearer " + token(challenge, scope, known, rejected));
    }
    return known
        .filter(Credential.UserPassword.class::isInstance)
        .map(each -> ((Credential.UserPassword) each).basic());
  }

  private String token(
      Challenge challenge, Scope scope, Optional<Credential> known, Optional<String> rejected)
      throws IOException {
    String realm = challenge.parameter("realm").orElse("");
    String service = challenge.parameter("service").orElse("");
    TokenKey key = new TokenKey(realm, service, scope);
    Slot slot = slots.computeIfAbsent(key, fresh -> new Slot());
    lock(slot.lock);
    try {
      Token cached = slot.token;
      long now = settings.clock().nanoTime();
      if (cached == null || cached.isStale(now) || isSame("Bearer " + cached.value(), rejected)) {
        slot.token = null;
        cached = tokens.fetch(realm, service, scope, known);
        slot.token = cached;
      }
      return cached.value();
    } finally {
      slot.lock.unlock();
    }
  }

  private static void lock(ReentrantLock lock) throws InterruptedIOException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a token");
    }
  }

  /** Asked once. Where a read may do without, a broken helper is a notice, not an end. */
  private synchronized Optional<Credential> credential(Scope scope) throws IOException {
    if (!asked) {
      asked = true;
      try {
        credential = settings.credentials().find(registry);
      } catch (CredentialException e) {
        broken = e;
        settings.notices().accept(String.valueOf(e.getMessage()));
      }
    }
    if (broken != null && !scope.onlyReads()) {
      throw broken;
    }
    return credential;
  }
}

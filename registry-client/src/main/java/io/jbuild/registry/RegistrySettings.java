package io.jbuild.registry;

import io.jbuild.registry.credentials.CredentialSource;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.Timeouts;
import java.net.ProxySelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a caller may configure.
 *
 * @param credentials asked when a registry demands them
 * @param access by exact {@code host[:port]}; {@link HostAccess#AUTO} for all others
 * @param mirrors hosts to pull from before the registry itself, by registry
 * @param proxies absent for direct connections; {@link EnvironmentProxies} has the usual ones
 * @param notices one-line notes for the user: waits, credentials that could not be read
 */
public record RegistrySettings(
    CredentialSource credentials,
    Map<String, HostAccess> access,
    Map<String, List<String>> mirrors,
    RetryPolicy retry,
    Timeouts timeouts,
    RegistryClock clock,
    Optional<ProxySelector> proxies,
    String userAgent,
    Consumer<String> notices) {

  public RegistrySettings {
    access = Map.copyOf(access);
    Map<String, List<String>> copied = new HashMap<>();
    mirrors.forEach((registry, hosts) -> copied.put(registry, List.copyOf(hosts)));
    mirrors = Map.copyOf(copied);
  }

  /** Anonymous, directly, with the default limits. */
  public static RegistrySettings defaults() {
    return new RegistrySettings(
        CredentialSource.ANONYMOUS,
        Map.of(),
        Map.of(),
        RetryPolicy.DEFAULT,
        Timeouts.DEFAULT,
        RegistryClock.SYSTEM,
        Optional.empty(),
        "jbuild",
        notice -> {});
  }

  public RegistrySettings withCredentials(CredentialSource source) {
    return new RegistrySettings(
        source, access, mirrors, retry, timeouts, clock, proxies, userAgent, notices);
  }

  public RegistrySettings withAccess(String registry, HostAccess how) {
    Map<String, HostAccess> more = new HashMap<>(access);
    more.put(registry, how);
    return new RegistrySettings(
        credentials, more, mirrors, retry, timeouts, clock, proxies, userAgent, notices);
  }

  public RegistrySettings withMirrors(String registry, List<String> hosts) {
    Map<String, List<String>> more = new HashMap<>(mirrors);
    more.put(registry, hosts);
    return new RegistrySettings(
        credentials, access, more, retry, timeouts, clock, proxies, userAgent, notices);
  }

  public RegistrySettings withRetry(RetryPolicy policy) {
    return new RegistrySettings(
        credentials, access, mirrors, policy, timeouts, clock, proxies, userAgent, notices);
  }

  public RegistrySettings withTimeouts(Timeouts limits) {
    return new RegistrySettings(
        credentials, access, mirrors, retry, limits, clock, proxies, userAgent, notices);
  }

  public RegistrySettings withClock(RegistryClock time) {
    return new RegistrySettings(
        credentials, access, mirrors, retry, timeouts, time, proxies, userAgent, notices);
  }

  public RegistrySettings withProxies(ProxySelector selector) {
    return new RegistrySettings(
        credentials,
        access,
        mirrors,
        retry,
        timeouts,
        clock,
        Optional.of(selector),
        userAgent,
        notices);
  }

  public RegistrySettings withUserAgent(String name) {
    return new RegistrySettings(
        credentials, access, mirrors, retry, timeouts, clock, proxies, name, notices);
  }

  public RegistrySettings withNotices(Consumer<String> sink) {
    return new RegistrySettings(
        credentials, access, mirrors, retry, timeouts, clock, proxies, userAgent, sink);
  }

  HostAccess accessTo(String registry) {
    return access.getOrDefault(registry, HostAccess.AUTO);
  }

  /** Whether certificates of this origin are verified; a choice holds for its own host only. */
  boolean verifies(Origin origin) {
    HostAccess exact = access.get(origin.host() + ":" + origin.port());
    boolean defaultPort = origin.port() == (origin.isHttps() ? 443 : 80);
    HostAccess chosen = exact != null || !defaultPort ? exact : access.get(origin.host());
    return chosen == null || chosen.verifiesTls();
  }
}

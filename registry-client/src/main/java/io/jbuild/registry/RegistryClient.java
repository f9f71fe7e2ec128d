package io.jbuild.registry;

import io.jbuild.oci.Reference;
import io.jbuild.registry.http.HttpTransport;
import io.jbuild.registry.http.Origin;
import io.jbuild.registry.http.Request;
import io.jbuild.registry.http.Response;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with registries. One for a whole process: it keeps connections, tokens and what it learned
 * about each registry. Making one is cheap; nothing is opened before the first request.
 */
public final class RegistryClient {
  private static final Map<String, String> SERVED_BY = Map.of("docker.io", "registry-1.docker.io");

  private final RegistrySettings settings;
  private final HttpTransport transport;
  private final Map<String, Host> hosts = new ConcurrentHashMap<>();

  public RegistryClient(RegistrySettings settings) {
    this.settings = settings;
    this.transport = new HttpTransport(settings.timeouts(), settings.proxies().orElse(null));
  }

  /** The repository that a reference names; no request is made. */
  public Repository repository(Reference reference) {
    return repository(reference.registry(), reference.repository());
  }

  private Repository repository(String registry, String name) {
    List<Host> mirrors =
        settings.mirrors().getOrDefault(registry, List.of()).stream().map(this::host).toList();
    return new Repository(registry, name, mirrors, host(registry));
  }

  private Host host(String registry) {
    return hosts.computeIfAbsent(registry, Host::new);
  }

  /** A registry by name; its address is settled with the first request. */
  final class Host {
    private final String registry;
    private @Nullable RegistrySession session;

    Host(String registry) {
      this.registry = registry;
    }

    synchronized RegistrySession session() throws IOException {
      RegistrySession known = session;
      if (known == null) {
        known = new RegistrySession(registry, origin(), settings, transport);
        session = known;
      }
      return known;
    }

    private Origin origin() throws IOException {
      String host = SERVED_BY.getOrDefault(registry, registry);
      Origin https = Origin.of(URI.create("https://" + host));
      Origin http = Origin.of(URI.create("http://" + host));
      HostAccess access = settings.accessTo(registry);
      if (!access.verifiesTls() && !https.isLoopback()) {
        settings.notices().accept("registry \"" + registry + "\": its identity is not verified");
      }
      return switch (access) {
        case AUTO -> https.isLoopback() ? http : https;
        case TLS, TLS_UNVERIFIED -> https;
        case PLAIN_HTTP -> http;
        case INSECURE -> speaksTls(https) ? https : http;
      };
    }

    /** Tried without any credential; the answer's status does not matter. */
    private boolean speaksTls(Origin https) throws IOException {
      try (Response response =
          transport.send(Request.of("GET", URI.create(https + "/v2/")), false)) {
        return response.status() > 0;
      } catch (IOException e) {
        if (Failure.isInterrupt(e)) {
          throw e;
        }
        return false; // the real request will say what is wrong, over http
      }
    }
  }
}

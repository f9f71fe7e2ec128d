package io.jbuild.builder.engine;

import io.jbuild.builder.EngineSettings;
import io.jbuild.registry.EnvironmentProxies;
import io.jbuild.registry.HostAccess;
import io.jbuild.registry.RegistryClient;
import io.jbuild.registry.RegistrySettings;
import io.jbuild.registry.WebClient;
import io.jbuild.registry.credentials.DockerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The client for registries, made when one is first spoken to. */
final class Registries implements Supplier<RegistryClient> {
  private final EngineSettings settings;
  private final Consumer<String> notices;
  private @Nullable RegistryClient client;
  private @Nullable WebClient web;

  Registries(EngineSettings settings, Consumer<String> notices) {
    this.settings = settings;
    this.notices = notices;
  }

  @Override
  public synchronized RegistryClient get() {
    RegistryClient made = client;
    if (made == null) {
      try {
        made = new RegistryClient(registrySettings());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      client = made;
    }
    return made;
  }

  /** The client for servers that are no registries. */
  synchronized WebClient web() {
    WebClient made = web;
    if (made == null) {
      try {
        made = new WebClient(registrySettings());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      web = made;
    }
    return made;
  }

  private RegistrySettings registrySettings() throws IOException {
    Map<String, String> environment = System.getenv();
    // The database's word for root is wrong for whoever is root of a user namespace only.
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
    DockerConfig credentials =
        settings.registryConfig().isPresent()
            ? new DockerConfig(
                settings.registryConfig().get(), environment.getOrDefault("PATH", ""), notices)
            : DockerConfig.of(environment, Path.of(home), notices);
    RegistrySettings made =
        RegistrySettings.defaults().withCredentials(credentials).withNotices(notices);
    for (String registry : settings.plainHttp()) {
      made = made.withAccess(registry, HostAccess.PLAIN_HTTP);
    }
    Optional<ProxySelector> proxies = EnvironmentProxies.of(environment);
    return proxies.isPresent() ? made.withProxies(proxies.get()) : made;
  }
}

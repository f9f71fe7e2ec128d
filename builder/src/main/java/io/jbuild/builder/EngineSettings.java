package io.jbuild.builder;

import io.jbuild.isolation.Mechanism;
import io.jbuild.overlay.StorageDriver;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What every command shares.
 *
 * @param store the directory that keeps images, layers and cache; made when it is not there
 * @param jobs how many steps and transfers run at once
 * @param registryConfig docker's {@code config.json} with credentials; empty is {@code
 *     ~/.docker/config.json}
 * @param plainHttp registries, {@code host:port}, that are spoken to without TLS; loopback ones are
 *     always among them
 * @param mechanism by what means commands are walled in
 * @param storageDriver makes root filesystems of layers; empty for the best that works
 */
public record EngineSettings(
    Path store,
    int jobs,
    Optional<Path> registryConfig,
    Set<String> plainHttp,
    Mechanism mechanism,
    Optional<StorageDriver> storageDriver) {
  public EngineSettings {
    plainHttp = Set.copyOf(plainHttp);
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs must be at least 1: " + jobs);
    }
  }

  /** A store with the defaults: as many jobs as processors, at least 4. */
  public static EngineSettings of(Path store) {
    int jobs = Math.max(4, Runtime.getRuntime().availableProcessors());
    return new EngineSettings(
        store, jobs, Optional.empty(), Set.of(), Mechanism.namespaces(), Optional.empty());
  }

  /** A chroot needs a root that is a plain directory: the driver that makes one, unless asked. */
  public EngineSettings withMechanism(Mechanism newMechanism) {
    Optional<StorageDriver> driver =
        newMechanism instanceof Mechanism.Chroot
            ? storageDriver.or(() -> Optional.of(StorageDriver.COPY))
            : storageDriver;
    return new EngineSettings(store, jobs, registryConfig, plainHttp, newMechanism, driver);
  }
}

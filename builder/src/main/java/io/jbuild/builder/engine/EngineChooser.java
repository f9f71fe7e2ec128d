package io.jbuild.builder.engine;

import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.run.NetworkChoice;
import io.jbuild.builder.store.Stores;
import io.jbuild.isolation.ladder.Chooser;
import io.jbuild.isolation.ladder.Rung;
import io.jbuild.isolation.network.PrivateNetworks;
import io.jbuild.overlay.DriverChoice;
import java.io.IOException;
import java.nio.file.Path;

/** Chooses as engines with some settings do, without a store. */
final class EngineChooser implements Chooser {
  private final EngineSettings settings;

  EngineChooser(EngineSettings settings) {
    this.settings = settings;
  }

  @Override
  public Choice storage(Path scratch) throws IOException {
    DriverChoice choice = Stores.chooseDriver(scratch, settings.storageDriver());
    return new Choice(choice.toString(), choice.rejected().isEmpty());
  }

  @Override
  public Choice network(Rung rung, boolean here) throws IOException {
    boolean known = here || rung == Rung.CHROOT;
    if (!known && NetworkChoice.OF_BUILDS != NetworkMode.HOST) {
      return new Choice("private where pasta or slirp4netns works, else host", true);
    }
    try (PrivateNetworks networks = new PrivateNetworks()) {
      String what =
          NetworkChoice.described(
              NetworkMode.DEFAULT, NetworkChoice.OF_BUILDS, rung == Rung.CHROOT, networks);
      return new Choice(what, !what.contains("(no private"));
    }
  }
}

package io.jbuild.builder.engine;

import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.isolation.ladder.Chooser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Opens engines. */
public final class Engines {
  private Engines() {}

  /**
   * Opens the store of the settings, or makes it, and sweeps up what dead processes left in it.
   *
   * @param standardOutput where outputs without a destination go; stays the caller's
   * @param warnings takes one line each, from any thread
   */
  public static Engine open(
      EngineSettings settings, OutputStream standardOutput, Consumer<String> warnings)
      throws IOException {
    return new StoreEngine(settings, standardOutput, warnings);
  }

  /** Chooses as engines with these settings do; opens and makes no store. */
  public static Chooser chooser(EngineSettings settings) {
    return new EngineChooser(settings);
  }

  /** Where engines on this store keep the register of what runs; need not be there. */
  public static Path runtimeDirectory(Path store) {
    return RuntimeDirectory.of(store.toAbsolutePath());
  }
}

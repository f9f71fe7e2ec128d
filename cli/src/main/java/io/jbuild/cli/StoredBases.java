package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.EngineSettings;
import io.jbuild.builder.InspectedImage;
import io.jbuild.builder.UserException;
import io.jbuild.builder.lint.BaseImages;
import io.jbuild.cli.text.Text;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Base images that the store has. It is opened when the first is asked for, and never made. */
final class StoredBases implements BaseImages, Closeable {
  private final CommandBase command;
  private @Nullable Engine engine;
  private boolean useless;

  StoredBases(CommandBase command) {
    this.command = command;
  }

  @Override
  public Optional<ImageConfig> find(Reference reference, Platform platform) {
    EngineSettings settings = command.global().settings();
    if (useless || !Files.isDirectory(settings.store())) {
      return Optional.empty();
    }
    try {
      Engine open = engine;
      if (open == null) {
        open = command.open(settings);
        engine = open;
      }
      InspectedImage any = open.images().inspect(reference.toString());
      boolean suits = any.platforms().stream().anyMatch(each -> platform.matches(each.platform()));
      return Optional.of(
          suits
              ? open.images().inspect(reference.toString(), Optional.of(platform)).config()
              : any.config());
    } catch (UserException e) {
      return Optional.empty(); // the store has no such image
    } catch (IOException e) {
      // A check needs no store, so one that cannot be read is no reason to fail.
      useless = true;
      String why = Text.printable(String.valueOf(e.getMessage()));
      command.console.err().println("warning: base images are not looked at: " + why);
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    if (engine != null) {
      engine.close();
    }
  }
}

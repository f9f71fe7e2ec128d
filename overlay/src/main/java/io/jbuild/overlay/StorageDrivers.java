package io.jbuild.overlay;

import io.jbuild.overlay.DriverChoice.Rejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds out which driver works on a store. */
public final class StorageDrivers {
  private static final String PROGRAM = "fuse-overlayfs";

  private final Path empty;
  private final Path places;
  private final CopySnapshots.Discard discard;
  private final String searchPath;

  /**
   * @param empty an empty directory of mode 0755
   * @param places a directory for copies and attempts, on the file system of the layers
   * @param searchPath where fuse-overlayfs is looked for, as in {@code PATH}
   */
  public StorageDrivers(Path empty, Path places, CopySnapshots.Discard discard, String searchPath) {
    this.empty = empty;
    this.places = places;
    this.discard = discard;
    this.searchPath = searchPath;
  }

  /**
   * The best driver that works, or the one that is wanted. Each is tried by really using it.
   *
   * @throws NoStorageDriverException when none works, or not the one that is wanted
   */
  public DriverChoice choose(Optional<StorageDriver> wanted) throws IOException {
    if (wanted.isPresent()) {
      Optional<String> reason = reason(wanted.get());
      if (reason.isPresent()) {
        throw new NoStorageDriverException(
            "the storage driver " + wanted.get() + " does not work here: " + reason.get());
      }
      return new DriverChoice(wanted.get(), true, List.of());
    }
    List<Rejection> rejected = new ArrayList<>();
    for (StorageDriver driver : StorageDriver.values()) {
      Optional<String> reason = reason(driver);
      if (reason.isEmpty()) {
        return new DriverChoice(driver, false, rejected);
      }
      rejected.add(new Rejection(driver, reason.get()));
    }
    throw new NoStorageDriverException(
        "no storage driver works on the file system of "
            + places
            + ": "
            + rejected.stream()
                .map(each -> each.driver() + ": " + each.reason())
                .collect(Collectors.joining("; ")));
  }

  private Optional<String> reason(StorageDriver driver) throws IOException {
    if (driver == StorageDriver.FUSE_OVERLAYFS && program().isEmpty()) {
      return Optional.of("the program fuse-overlayfs is not installed");
    }
    if (driver == StorageDriver.COPY) {
      return Optional.empty(); // wherever files can be made, also where nothing can be mounted
    }
    try (Snapshots snapshots = snapshots(driver)) {
      return new DriverProbe(places).reason(driver, snapshots);
    }
  }

  /** The snapshots of a driver that was chosen. */
  public Snapshots snapshots(StorageDriver driver) throws IOException {
    return switch (driver) {
      case OVERLAY -> new OverlaySnapshots(empty);
      case FUSE_OVERLAYFS ->
          new FuseSnapshots(
              program().orElseThrow(() -> new IOException(PROGRAM + " is not installed")), empty);
      case COPY -> new CopySnapshots(empty, places, discard);
    };
  }

  private Optional<Path> program() {
    for (String directory : searchPath.split(":", -1)) {
      Path file = Path.of(directory, PROGRAM);
      if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}

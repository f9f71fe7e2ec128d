package io.jbuild.builder.store;

import io.jbuild.builder.cache.StepCache;
import io.jbuild.layers.LayerStore;
import io.jbuild.layers.StoredLayer;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.store.AtomicFiles;
import io.jbuild.oci.store.ContentStore;
import io.jbuild.oci.store.ImageStore;
import io.jbuild.oci.store.RecordStore;
import io.jbuild.oci.store.StoreRoot;
import io.jbuild.overlay.DriverChoice;
import io.jbuild.overlay.Snapshots;
import io.jbuild.overlay.StorageDriver;
import io.jbuild.overlay.StorageDrivers;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One store: blobs, layers, images and the records of steps, in one directory. */
public final class Stores implements Closeable {
  private final StoreRoot root;
  private final ContentStore blobs;
  private final LayerStore layers;
  private final ImageStore images;
  private final StepCache steps;
  private final Optional<StorageDriver> wantedDriver;
  private @Nullable DriverChoice choice;
  private @Nullable Snapshots snapshots;

  private Stores(StoreRoot root, Optional<StorageDriver> wantedDriver, Consumer<String> warnings)
      throws IOException {
    this.root = root;
    this.wantedDriver = wantedDriver;
    this.blobs = new ContentStore(root);
    this.layers = new LayerStore(root);
    this.images = new ImageStore(root, warnings);
    RecordStore records = new RecordStore(root.cache(), AtomicFiles.Durability.LAZY, warnings);
    this.steps = new StepCache(records, this::hasLayer, root.locks().resolve("steps"));
  }

  /**
   * Opens a store, or makes an empty one.
   *
   * @param warnings takes one line for each damaged record that is dropped
   */
  public static Stores open(Path directory, Consumer<String> warnings) throws IOException {
    return open(directory, Optional.empty(), warnings);
  }

  /** As {@link #open(Path, Consumer)}, with the driver that makes root filesystems of layers. */
  public static Stores open(
      Path directory, Optional<StorageDriver> driver, Consumer<String> warnings)
      throws IOException {
    StoreOwner.check(directory);
    Stores stores = new Stores(StoreRoot.open(directory), driver, warnings);
    stores.layers.requireUsable();
    return stores;
  }

  public StoreRoot root() {
    return root;
  }

  public ContentStore blobs() {
    return blobs;
  }

  public LayerStore layers() {
    return layers;
  }

  public ImageStore images() {
    return images;
  }

  public StepCache steps() {
    return steps;
  }

  public boolean hasLayer(DiffId layer) throws IOException {
    return layers.find(layer).isPresent();
  }

  /** A layer that must be there. */
  public StoredLayer layer(DiffId layer) throws IOException {
    return layers
        .find(layer)
        .orElseThrow(() -> new IOException("layer " + layer + " is not in the store " + root));
  }

  /** The directories of layers, given lowest first, as an overlay takes them: the topmost first. */
  public List<Path> directories(List<DiffId> layersLowestFirst) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (DiffId layer : layersLowestFirst) {
      paths.add(layer(layer).fs());
    }
    Collections.reverse(paths);
    return paths;
  }

  /** The configuration of an image, by its ID. */
  public ImageConfig config(Digest id) throws IOException {
    return ImageConfig.read(configBytes(id));
  }

  public byte[] configBytes(Digest id) throws IOException {
    return blobs.read(id, Json.MAX_BYTES);
  }

  /** An empty directory that anyone may look into: the lowest layer of an image without layers. */
  private Path emptyDirectory() throws IOException {
    Path empty = root.area("empty").resolve("root");
    if (!Files.isDirectory(empty)) {
      Files.createDirectories(empty);
      Files.setPosixFilePermissions(
          empty, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return empty;
  }

  /** Root filesystems made of layers, by the driver that works here. */
  public synchronized Snapshots snapshots() throws IOException {
    Snapshots open = snapshots;
    if (open == null) {
      open = drivers().snapshots(driver().driver());
      snapshots = open;
    }
    return open;
  }

  /** Which driver that is, found out by trying when it is first asked for. */
  public synchronized DriverChoice driver() throws IOException {
    DriverChoice found = choice;
    if (found == null) {
      found = drivers().choose(wantedDriver);
      choice = found;
    }
    return found;
  }

  /** The driver that a store in a directory would be used with; leaves files in there. */
  public static DriverChoice chooseDriver(Path scratch, Optional<StorageDriver> wanted)
      throws IOException {
    Path empty = Files.createDirectory(scratch.resolve("empty"));
    Path places = Files.createDirectory(scratch.resolve("places"));
    return new StorageDrivers(empty, places, unused -> {}, searchPath()).choose(wanted);
  }

  private static String searchPath() {
    return System.getenv().getOrDefault("PATH", "");
  }

  private StorageDrivers drivers() throws IOException {
    return new StorageDrivers(emptyDirectory(), root.area("roots"), layers::discard, searchPath());
  }

  /** Gives back what snapshots kept for later ones. */
  @Override
  public synchronized void close() throws IOException {
    Snapshots open = snapshots;
    snapshots = null;
    if (open != null) {
      open.close();
    }
  }

  /** Where the outputs of steps are kept. */
  public Path logs() throws IOException {
    return root.area("logs");
  }
}

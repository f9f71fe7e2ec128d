package io.jbuild.oci.store;

import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directory of a store, readable by its owner alone: a layer may hold a setuid program of
 * root's, which no other user of the machine may reach.
 *
 * <p>The file {@code version} is written last. A directory with contents but without it is not
 * ours, or was damaged, and is refused rather than filled up again.
 */
public final class StoreRoot {
  /** Raised when an older jbuild could no longer use the store. */
  static final int VERSION = 1;

  /** A store may have a whole ext4 file system to itself. */
  private static final String OF_THE_FILE_SYSTEM = "lost+found";

  private static final String VERSION_FILE = "version";
  private static final int MAX_VERSION_BYTES = 64;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final List<String> PARTS =
      List.of("blobs", "layers", "images", "cache", "ingest", "trash", "locks");

  private final Path path;

  private StoreRoot(Path path) {
    this.path = path;
  }

  /** Opens the store, or makes it where nothing or an empty directory is. */
  public static StoreRoot open(Path directory) throws IOException {
    createPrivate(directory);
    StoreRoot root = new StoreRoot(directory.toRealPath());
    boolean initialised = root.isInitialised();
    if (!initialised) {
      root.refuseForeignContent();
    }
    root.closeToOthers();
    if (!initialised) {
      root.initialise();
    }
    root.checkParts();
    return root;
  }

  public Path path() {
    return path;
  }

  /** Blobs as in an OCI layout: {@code <algorithm>/<hex>}. */
  public Path blobs() {
    return path.resolve("blobs");
  }

  /** Unpacked layers: {@code <algorithm>/<hex of the diffID>}. */
  public Path layers() {
    return path.resolve("layers");
  }

  /** Records of images and of their names. */
  public Path images() {
    return path.resolve("images");
  }

  /** Records of steps, by cache key. */
  public Path cache() {
    return path.resolve("cache");
  }

  /** What is being written. Files here are blobs to be, directories are layers to be. */
  public Path ingest() {
    return path.resolve("ingest");
  }

  /** What was taken out and is yet to be deleted. */
  public Path trash() {
    return path.resolve("trash");
  }

  /** Files that exist only to be locked. */
  public Path locks() {
    return path.resolve("locks");
  }

  /** The contents of cache mounts. */
  public Path cacheMounts() throws IOException {
    return area("cache-mounts");
  }

  /** A further directory of the store, made when it is first asked for. */
  public Path area(String name) throws IOException {
    if (!name.matches("[a-z][a-z0-9-]{0,63}")) {
      throw new IllegalArgumentException("no name for an area: " + Printable.quote(name));
    }
    Path area = path.resolve(name);
    if (!Files.isDirectory(area, LinkOption.NOFOLLOW_LINKS)) {
      makeDirectory(area);
      AtomicFiles.syncDirectory(path);
    }
    return area;
  }

  private boolean isInitialised() throws IOException {
    Optional<byte[]> content = AtomicFiles.read(path.resolve(VERSION_FILE), MAX_VERSION_BYTES);
    if (content.isEmpty()) {
      return false;
    }
    String text = new String(content.get(), StandardCharsets.UTF_8).strip();
    if (!text.matches("[0-9]{1,9}")) {
      throw broken("its version is " + Printable.quote(text));
    }
    int version = Integer.parseInt(text);
    if (version > VERSION) {
      throw new IOException(
          "the store "
              + path
              + " has version "
              + version
              + ", this jbuild knows version "
              + VERSION
              + ": use a newer jbuild or another store");
    }
    return true;
  }

  /** Before anything is changed: what is no store keeps its permissions too. */
  private void refuseForeignContent() throws IOException {
    Optional<Path> foreign = foreignContent();
    // Another process may have finished the store, and begun to fill it, since we looked.
    if (foreign.isPresent() && !isInitialised()) {
      throw broken(
          "it holds " + Printable.quote(foreign.get().toString()) + " but no version file");
    }
  }

  private void initialise() throws IOException {
    for (String part : PARTS) {
      makeDirectory(path.resolve(part));
    }
    byte[] version = (VERSION + "\n").getBytes(StandardCharsets.US_ASCII);
    AtomicFiles.publish(path.resolve(VERSION_FILE), version);
  }

  /** Something that an initialisation which was cut short would not have left. */
  private Optional<Path> foreignContent() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        boolean ours =
            name.startsWith(AtomicFiles.TEMPORARY)
                || name.equals(OF_THE_FILE_SYSTEM)
                || (PARTS.contains(name) && isEmpty(entry));
        if (!ours) {
          return Optional.of(path.relativize(entry));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  private void checkParts() throws IOException {
    for (String part : PARTS) {
      if (!Files.isDirectory(path.resolve(part), LinkOption.NOFOLLOW_LINKS)) {
        throw broken("its directory \"" + part + "\" is missing");
      }
    }
  }

  private void closeToOthers() throws IOException {
    if (!supportsPermissions(path)) {
      return;
    }
    Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(path));
    if (!OWNER_ONLY.containsAll(permissions)) {
      Files.setPosixFilePermissions(path, OWNER_ONLY);
    }
  }

  private static void createPrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = AtomicFiles.parent(directory);
      Files.createDirectories(parent);
      makeDirectory(directory);
      AtomicFiles.syncDirectory(parent);
    }
  }

  private static void makeDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, privately(directory));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  private static FileAttribute<?>[] privately(Path path) {
    return supportsPermissions(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static boolean supportsPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private IOException broken(String why) {
    return new IOException("not a usable store: " + path + ": " + why);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}

package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Blobs as files: {@code <algorithm>/<hex>} as in an OCI layout. Several processes may use one
 * directory; two that write the same blob both succeed.
 */
public final class ContentStore implements BlobStore {
  private static final int BUFFER = 1 << 16;

  private final Path blobs;
  private final Path ingest;

  /**
   * A store in two directories that exist, on one file system.
   *
   * @param ingest where blobs are written before they are published
   */
  public ContentStore(Path blobs, Path ingest) {
    this.blobs = blobs;
    this.ingest = ingest;
  }

  public ContentStore(StoreRoot root) {
    this(root.blobs(), root.ingest());
  }

  /** Where a blob is or would be. For those who hand the file to something else, unverified. */
  public Path path(Digest digest) {
    return blobs.resolve(digest.algorithm().id()).resolve(digest.hex());
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    Path path = path(digest);
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw new IOException("not a regular file: " + path);
      }
      return OptionalLong.of(attributes.size());
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    requireRealDirectories(digest);
    try {
      InputStream file = RegularFile.open(path(digest)).stream();
      return new BufferedInputStream(VerifyingInputStream.of(file, digest), BUFFER);
    } catch (NoSuchFileException e) {
      BlobMissingException missing = new BlobMissingException(digest);
      missing.initCause(e);
      throw missing;
    }
  }

  /** The directories too must be no links: a layout from elsewhere could point anywhere. */
  private void requireRealDirectories(Digest digest) throws IOException {
    Path directory = blobs.resolve(digest.algorithm().id());
    if (Files.isSymbolicLink(blobs) || Files.isSymbolicLink(directory)) {
      throw new IOException("a symbolic link, not a directory of blobs: " + directory);
    }
  }

  @Override
  public BlobIngest begin(Digest.Algorithm algorithm) throws IOException {
    return new FileIngest(this, TemporaryFile.create(ingest), algorithm, Optional.empty());
  }

  @Override
  public BlobIngest begin(Descriptor expected) throws IOException {
    return new FileIngest(
        this, TemporaryFile.create(ingest), expected.digest().algorithm(), Optional.of(expected));
  }

  /** Renames a durable file into its place, durably. */
  void publish(Path file, Digest digest) throws IOException {
    Path target = path(digest);
    Path directory = AtomicFiles.parent(target);
    try {
      Files.createDirectory(directory);
      AtomicFiles.syncDirectory(blobs);
    } catch (FileAlreadyExistsException e) {
      // The usual case: only the first blob of an algorithm makes its directory.
    }
    AtomicFiles.rename(file, target);
    AtomicFiles.syncDirectory(directory);
  }

  /** Whether there was such a blob to remove. Those who still read it read on. */
  public boolean remove(Digest digest) throws IOException {
    return Files.deleteIfExists(path(digest));
  }

  /** Reads a blob through; false if its content is not what its digest says. */
  public boolean verify(Digest digest) throws IOException {
    try (InputStream in = open(digest)) {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (BlobCorruptException e) {
      return false;
    }
  }

  /** All blobs, sorted. Files with other names are not blobs and not listed. */
  public List<Digest> list() throws IOException {
    List<Digest> digests = new ArrayList<>();
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      Path directory = blobs.resolve(algorithm.id());
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        addBlobs(digests, algorithm, directory);
      }
    }
    Collections.sort(digests);
    return digests;
  }

  private static void addBlobs(List<Digest> digests, Digest.Algorithm algorithm, Path directory)
      throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        algorithm.digestOf(file.getFileName().toString()).ifPresent(digests::add);
      }
    }
  }

  /** Deletes what writers that died left behind; how many files. */
  public int sweep() throws IOException {
    return TemporaryFile.sweep(ingest);
  }
}

package io.jbuild.builder;

import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The images of one store. Where a method takes a {@code name}, it is a reference in any form
 * people write, an image ID, or the beginning of one that only one image has. A name may stand for
 * an index with an image for each platform: a {@code platform} chooses among them. Without one,
 * what needs a single image takes this machine's or else the first, and what moves images takes
 * all.
 *
 * <p>Every change is one atomic step on the store: it has happened or it has not, whatever ends the
 * process.
 */
public interface Images {
  /** How {@link #save} writes. */
  enum ArchiveFormat {
    /** An OCI image layout in a tar archive. */
    OCI_ARCHIVE,
    /** An OCI image layout as a directory; images are added to one that is there. */
    OCI_DIRECTORY,
    /** What {@code docker save} writes and {@code docker load} reads. */
    DOCKER_ARCHIVE
  }

  /** What {@link #remove} did. */
  record Removal(Reference name, Digest id, boolean lastName) {}

  /** Sorted by name; the platforms of one name in its order. */
  List<ImageSummary> list() throws IOException;

  /**
   * Gives an image, or an index with all in it, one more name; the name is moved when another image
   * has it.
   *
   * @return the first of what the name now stands for
   */
  ImageSummary tag(String name, Reference newName) throws IOException, UserException;

  /** Removes one name, or by ID every name of the image. Layers stay until they are collected. */
  List<Removal> remove(String name) throws IOException, UserException;

  InspectedImage inspect(String name, Optional<Platform> platform)
      throws IOException, UserException;

  /** That for this machine, or the first. */
  default InspectedImage inspect(String name) throws IOException, UserException {
    return inspect(name, Optional.empty());
  }

  /** The merged root of an image as a tar stream into a file; empty means standard output. */
  void exportRoot(String name, Optional<Path> destination)
      throws IOException, UserException, InterruptedException;

  ImageSummary pull(Reference name, Platform platform, TransferListener listener)
      throws IOException, UserException, InterruptedException;

  /** Pulls every platform of an index, and all else that it names, so that it keeps its digest. */
  List<ImageSummary> pullAll(Reference name, TransferListener listener)
      throws IOException, UserException, InterruptedException;

  /** Pushes under its own name; the answer is the digest of the manifest or index. */
  default Digest push(Reference name, LayerCompression compression, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    return push(name.toString(), name, Optional.empty(), compression, listener);
  }

  /** Pushes all that a name stands for under another one. */
  default Digest push(
      String name, Reference destination, LayerCompression compression, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    return push(name, destination, Optional.empty(), compression, listener);
  }

  /** Pushes an image under another name than the one that the store has for it. */
  Digest push(
      String name,
      Reference destination,
      Optional<Platform> platform,
      LayerCompression compression,
      TransferListener listener)
      throws IOException, UserException, InterruptedException;

  /** Writes images to a file or directory; an empty destination is standard output. */
  void save(
      List<String> names,
      Optional<Platform> platform,
      ArchiveFormat format,
      LayerCompression compression,
      Optional<Path> destination)
      throws IOException, UserException, InterruptedException;

  /**
   * One image that {@link #load} has read.
   *
   * @param name empty where the archive gives it none that a store could have
   * @param platform that the name has it for
   */
  record Loaded(Optional<Reference> name, Digest id, Platform platform) {}

  /** Reads an OCI layout directory, or an OCI or docker archive, and keeps every image in it. */
  List<Loaded> load(Path source, TransferListener listener)
      throws IOException, UserException, InterruptedException;

  /**
   * Makes an image of one layer from a root file tree in a tar archive, compressed or not.
   *
   * @param changes instructions such as {@code CMD ["sh"]} or {@code ENV A=b} for its configuration
   */
  ImageSummary importRoot(InputStream tar, Reference name, Platform platform, List<String> changes)
      throws IOException, UserException, InterruptedException;
}

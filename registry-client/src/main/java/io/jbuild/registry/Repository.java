package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Index;
import io.jbuild.oci.ManifestResolver;
import io.jbuild.oci.Platform;
import io.jbuild.oci.ResolvedManifest;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One repository of one registry. Reads ask the registry's mirrors first, in their order; writes go
 * to the registry alone. Safe for any number of threads; each call blocks the calling thread, and
 * interrupting that thread ends the transfer.
 */
public final class Repository {
  private static final int MAX_CONFIG = 4 << 20;

  private final String registry;
  private final String name;
  private final List<RegistryClient.Host> mirrors;
  private final RegistryClient.Host home;

  Repository(
      String registry, String name, List<RegistryClient.Host> mirrors, RegistryClient.Host home) {
    this.registry = registry;
    this.name = name;
    this.mirrors = List.copyOf(mirrors);
    this.home = home;
  }

  public String registry() {
    return registry;
  }

  /** The repository's name within its registry: {@code library/debian}. */
  public String name() {
    return name;
  }

  /** The manifest or index that a tag or digest names. */
  public Document manifest(String tagOrDigest) throws IOException {
    return read(session -> new ManifestEndpoint(session, name).get(tagOrDigest));
  }

  /** The manifest or index that a descriptor points to. */
  public Document manifest(Descriptor descriptor) throws IOException {
    return read(session -> new ManifestEndpoint(session, name).get(descriptor));
  }

  /** What a tag or digest names, as the registry itself says and unverified; nothing if nothing. */
  public Optional<Descriptor> head(String tagOrDigest) throws IOException {
    return new ManifestEndpoint(home.session(), name).head(tagOrDigest);
  }

  /**
   * The image for a platform: manifest and config. A tag or digest may name an index of several.
   */
  public PulledImage pull(String tagOrDigest, Platform platform) throws IOException {
    Document root = manifest(tagOrDigest);
    ResolvedManifest found;
    try {
      found = ManifestResolver.resolve(root.descriptor(), at -> bytes(root, at), platform);
      found.manifest().requireImage();
    } catch (MalformedException e) {
      throw e.in(this + ":" + tagOrDigest);
    }
    byte[] bytes = config(found.manifest().config());
    ImageConfig config = ImageConfig.read(bytes);
    config.requireLayers(found.manifest().layers().size());
    Optional<Document> index =
        root.content() instanceof Index ? Optional.of(root) : Optional.empty();
    return new PulledImage(index, found, bytes, config);
  }

  private byte[] bytes(Document root, Descriptor wanted) throws IOException {
    return wanted.equals(root.descriptor()) ? root.bytes() : manifest(wanted).bytes();
  }

  /** A blob that is small by nature, whole: an image's config. At most 4 MiB. */
  public byte[] config(Descriptor descriptor) throws IOException {
    if (descriptor.size() > MAX_CONFIG) {
      throw new MalformedException(
          "config " + descriptor + ": larger than the limit of " + MAX_CONFIG + " bytes");
    }
    return read(
        session -> {
          BlobEndpoint endpoint = new BlobEndpoint(session, name);
          try (BlobStream stream = endpoint.open(descriptor, TransferListener.NONE)) {
            return stream.readAllBytes();
          }
        });
  }

  /** A blob as a stream that verifies itself; the caller closes it. */
  public BlobStream blob(Descriptor blob, TransferListener listener) throws IOException {
    return read(session -> new BlobEndpoint(session, name).open(blob, listener));
  }

  /** Whether the registry itself has the blob. */
  public boolean hasBlob(Descriptor blob) throws IOException {
    return new BlobEndpoint(home.session(), name).exists(blob, Scope.pull(name));
  }

  public List<String> tags() throws IOException {
    return new TagsEndpoint(home.session(), name).list();
  }

  /**
   * Makes sure that the registry has the blob, by the cheapest way that works.
   *
   * @param mountFrom another repository of the same registry that is known to hold it
   */
  public PushResult push(
      Descriptor blob,
      BlobSource source,
      Optional<String> mountFrom,
      UploadMode mode,
      TransferListener listener)
      throws IOException {
    RegistrySession session = home.session();
    BlobEndpoint blobs = new BlobEndpoint(session, name);
    if (blobs.exists(blob, Scope.push(name))) {
      listener.present(blob, PushResult.EXISTED);
      return PushResult.EXISTED;
    }
    UploadEndpoint uploads = new UploadEndpoint(session, name);
    Optional<UploadEndpoint.Session> opened = Optional.empty();
    if (mountFrom.isPresent() && !mountFrom.get().equals(name)) {
      opened = mount(uploads, blob, mountFrom.get());
      // A registry that says it mounted the blob is believed once the blob is there.
      if (opened.isEmpty() && blobs.exists(blob, Scope.push(name))) {
        listener.present(blob, PushResult.MOUNTED);
        return PushResult.MOUNTED;
      }
    }
    new BlobUpload(uploads, blob, source, mode, listener, session.retrier()).run(opened);
    return PushResult.UPLOADED;
  }

  /** A mount is a short cut: a registry that refuses it gets the blob itself. */
  private static Optional<UploadEndpoint.Session> mount(
      UploadEndpoint uploads, Descriptor blob, String from) throws IOException {
    try {
      return uploads.mount(blob, from);
    } catch (RegistryException refused) {
      if (refused.status().isEmpty()) {
        throw refused;
      }
      return Optional.empty();
    }
  }

  /**
   * Stores a manifest or index under its digest, and under these tags. All that it names must be
   * there already. Afterwards the registry is asked whether it has it.
   */
  public void put(Document document, List<String> tags) throws IOException {
    ManifestEndpoint endpoint = new ManifestEndpoint(home.session(), name);
    String digest = document.descriptor().digest().toString();
    if (tags.isEmpty()) {
      endpoint.put(document, digest);
    }
    for (String tag : tags) {
      endpoint.put(document, tag);
    }
    if (endpoint.head(digest).isEmpty()) {
      throw new RegistryException(
          "push of " + this + "@" + digest, "accepted, but the registry does not have it", null);
    }
  }

  private interface Reading<T> {
    T from(RegistrySession session) throws IOException;
  }

  /** The first mirror that can, else the registry; its failure carries those of the mirrors. */
  private <T> T read(Reading<T> reading) throws IOException {
    @Nullable IOException first = null;
    for (RegistryClient.Host mirror : mirrors) {
      try {
        return reading.from(mirror.session());
      } catch (IOException e) {
        if (Failure.isInterrupt(e)) {
          throw e;
        }
        first = e;
      }
    }
    try {
      return reading.from(home.session());
    } catch (IOException e) {
      if (first != null) {
        e.addSuppressed(first);
      }
      throw e;
    }
  }

  @Override
  public String toString() {
    return registry + "/" + name;
  }
}

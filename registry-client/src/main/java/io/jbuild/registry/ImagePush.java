package io.jbuild.registry;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * An image on its way to a repository: all blobs first, side by side, then the manifests, children
 * before parents, the tags last of all. So a push that dies leaves no tag that names missing blobs,
 * and one that is repeated finds what is there.
 *
 * @param manifests each after those that it names; the last one gets the tags
 */
public record ImagePush(
    List<Blob> blobs, List<Document> manifests, List<String> tags, UploadMode mode) {

  /** A blob and where to read it. */
  public record Blob(Descriptor descriptor, BlobSource source, Optional<String> mountFrom) {
    public static Blob of(Descriptor descriptor, BlobSource source) {
      return new Blob(descriptor, source, Optional.empty());
    }
  }

  public ImagePush {
    blobs = List.copyOf(blobs);
    manifests = List.copyOf(manifests);
    tags = List.copyOf(tags);
    if (manifests.isEmpty()) {
      throw new IllegalArgumentException("an image without a manifest");
    }
  }

  /**
   * Sends it and waits; what the last manifest is.
   *
   * @param executor runs the transfers of blobs; this method waits for them, so it must not itself
   *     run in the last free thread of it
   */
  public Descriptor to(Repository repository, Executor executor, TransferListener listener)
      throws IOException {
    Map<Digest, Blob> distinct = new LinkedHashMap<>();
    blobs.forEach(blob -> distinct.putIfAbsent(blob.descriptor().digest(), blob));
    List<SideBySide.Task> transfers = new ArrayList<>();
    for (Blob blob : distinct.values()) {
      transfers.add(
          () ->
              repository.push(blob.descriptor(), blob.source(), blob.mountFrom(), mode, listener));
    }
    SideBySide.run(transfers, executor);
    Document last = manifests.get(manifests.size() - 1);
    for (Document document : manifests) {
      repository.put(document, document == last ? tags : List.of());
    }
    return last.descriptor();
  }
}

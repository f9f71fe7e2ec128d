package io.jbuild.builder.image;

import io.jbuild.builder.TransferListener;
import io.jbuild.builder.UserException;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Index;
import io.jbuild.oci.ManifestOrIndex;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import io.jbuild.oci.json.Json;
import io.jbuild.oci.layout.OciLayout;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The images of an OCI layout, taken into the store. Of an index those are taken whose manifests
 * are there: {@code docker save} leaves out the platforms that it never pulled.
 */
final class LayoutImages {
  private final Puller puller;
  private final OciLayout layout;
  private final TransferListener listener;

  LayoutImages(Puller puller, OciLayout layout, TransferListener listener) {
    this.puller = puller;
    this.layout = layout;
    this.listener = listener;
  }

  /** What an entry of the layout's index stands for. */
  ImageSet load(Descriptor entry) throws IOException, UserException, InterruptedException {
    if (!MediaTypes.isIndex(entry.mediaType())) {
      return ImageSet.of(image(entry));
    }
    byte[] bytes = layout.blobs().read(entry, Json.MAX_BYTES);
    if (!(ManifestOrIndex.read(bytes, entry.mediaType()) instanceof Index index)) {
      throw new MalformedException("no index: " + entry);
    }
    List<Entry> entries = new ArrayList<>();
    for (Descriptor child : index.manifests()) {
      if (MediaTypes.isIndex(child.mediaType())) {
        throw new UserException(
            "the layout has an index within an index, " + child.digest(),
            "load its images one by one");
      }
      if (!MediaTypes.isManifest(child.mediaType()) || !layout.blobs().has(child)) {
        continue;
      }
      if (child.isAttestation()) {
        puller.keepAsIs(child, layout.blobs()::open);
      } else {
        ImageRecord image = image(child);
        entries.add(new Entry(child.platform().orElse(image.platform()), image));
      }
    }
    if (entries.isEmpty()) {
      throw new UserException("the layout has no image of the index " + entry.digest());
    }
    Descriptor source = Descriptor.of(entry.mediaType(), entry.digest(), entry.size());
    puller.put(source, bytes);
    return new ImageSet(entries, true, Optional.of(source));
  }

  private ImageRecord image(Descriptor manifest)
      throws IOException, UserException, InterruptedException {
    LayoutPlace.Found found =
        LayoutPlace.found(layout, layout.resolve(manifest.digest(), Platform.host()));
    return puller.keepNow(found.arrival(), found.reader(), "load", listener);
  }

  /** Some tools write the platforms of an image as entries of one name, without an index. */
  static ImageSet underOneName(List<ImageSet> sets) {
    if (sets.size() == 1) {
      return sets.get(0);
    }
    List<Entry> entries = new ArrayList<>();
    Set<Platform> seen = new HashSet<>();
    for (ImageSet set : sets) {
      for (Entry entry : set.entries()) {
        if (seen.add(entry.platform())) {
          entries.add(entry);
        }
      }
    }
    return entries.size() == 1
        ? ImageSet.of(entries.get(0).image())
        : new ImageSet(entries, true, Optional.empty());
  }
}

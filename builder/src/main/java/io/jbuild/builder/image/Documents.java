package io.jbuild.builder.image;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Manifest;
import io.jbuild.registry.Document;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An image or an index of several as it leaves: documents whose blobs are all in the store.
 *
 * @param manifests each once
 * @param root the only manifest, or the index that names them
 */
record Documents(List<Document> manifests, Document root) {
  Documents {
    manifests = List.copyOf(manifests);
  }

  static Documents of(Document manifest) {
    return new Documents(List.of(manifest), manifest);
  }

  /** Each after those that it names. */
  List<Document> inOrder() {
    Set<Document> all = new LinkedHashSet<>(manifests);
    all.add(root);
    return List.copyOf(all);
  }

  /** Configurations and layers, each once. */
  List<Descriptor> blobs() {
    Set<Descriptor> all = new LinkedHashSet<>();
    for (Document document : manifests) {
      Manifest manifest = (Manifest) document.content();
      all.addAll(manifest.layers());
      all.add(manifest.config());
    }
    return List.copyOf(all);
  }

  /** The same with the manifests and the index, which a layout keeps as blobs. */
  List<Descriptor> contents() {
    Set<Descriptor> all = new LinkedHashSet<>(blobs());
    inOrder().forEach(document -> all.add(document.descriptor()));
    return List.copyOf(all);
  }
}

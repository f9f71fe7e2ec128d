package io.jbuild.builder.image;

import io.jbuild.builder.TransferListener;
import io.jbuild.builder.UserException;
import io.jbuild.builder.image.Exporter.Named;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.ConfigChanges;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.Archives;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerScanner;
import io.jbuild.layers.LayerSummary;
import io.jbuild.layers.LowerView;
import io.jbuild.linux.Dir;
import io.jbuild.linux.OwnedTree;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.layout.OciLayout;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes images in from files: OCI layouts, archives of them and of Docker, plain root trees. */
public final class Importer {
  private final Stores stores;
  private final Puller puller;
  private final Consumer<String> warnings;

  public Importer(Stores stores, Puller puller, Consumer<String> warnings) {
    this.stores = stores;
    this.puller = puller;
    this.warnings = warnings;
  }

  /** Keeps every image of a layout or archive; the caller gives them their names. */
  List<Named> load(Path source, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    if (Files.isDirectory(source)) {
      return layout(source, listener);
    }
    if (Files.notExists(source)) {
      throw new UserException("there is no file \"" + source + "\"");
    }
    try (ArchiveDirectory unpacked = ArchiveDirectory.unpack(stores, source)) {
      if (Files.exists(unpacked.path().resolve("oci-layout"))) {
        return layout(unpacked.path(), listener);
      }
      if (Files.notExists(unpacked.path().resolve("manifest.json"))) {
        throw new UserException(
            "\"" + source + "\" has neither an oci-layout nor a manifest.json in it",
            "the tarball of a root file system is taken by import");
      }
      return new DockerArchive(puller, unpacked.path()).load();
    }
  }

  private List<Named> layout(Path directory, TransferListener listener)
      throws IOException, UserException, InterruptedException {
    OciLayout layout = OciLayout.open(directory);
    Map<Optional<Reference>, List<ImageSet>> byName = new LinkedHashMap<>();
    for (Descriptor entry : layout.index().manifests()) {
      if (!entry.isAttestation()) {
        byName
            .computeIfAbsent(name(entry), key -> new ArrayList<>())
            .add(new LayoutImages(puller, layout, listener).load(entry));
      }
    }
    List<Named> all = new ArrayList<>();
    byName.forEach(
        (name, sets) -> {
          List<ImageSet> merged =
              name.isPresent() ? List.of(LayoutImages.underOneName(sets)) : sets;
          merged.forEach(set -> all.add(new Named(set, name.map(List::of).orElse(List.of()))));
        });
    return all;
  }

  /** The name that was given when the image was saved. */
  private static Optional<Reference> name(Descriptor entry) {
    String full = entry.annotations().get("io.containerd.image.name");
    String text = full != null ? full : entry.annotations().get(Descriptor.REF_NAME);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Reference.parse(text));
    } catch (MalformedException e) {
      return Optional.empty(); // a layout may name its images in any way
    }
  }

  /** One layer of a root tree; its tar is made anew, in the one form that jbuild writes. */
  ImageRecord importRoot(InputStream in, Platform platform, List<String> changes)
      throws IOException, UserException {
    LayerSummary summary;
    DiffId layer;
    try (LayerIngest ingest = stores.layers().begin();
        InputStream tar =
            Archives.openArchive(in, ApplyLimits.DEFAULT)
                .orElseThrow(() -> new UserException("not a tar archive, compressed or not"))) {
      try (Dir root = OwnedTree.open(ingest.fs())) {
        long unused =
            Archives.unpack(
                tar,
                root,
                TreePath.ROOT,
                Optional.empty(),
                LowerView.NOTHING,
                ApplyLimits.DEFAULT,
                warnings);
        summary = new LayerScanner(LowerView.NOTHING, Optional.empty(), warnings).scan(root);
      }
      layer = ingest.commit(summary).diffId();
    }
    StageState state =
        StageState.scratch(platform, Optional.empty())
            .stepped(
                layer.digest(),
                Optional.of(layer),
                Instant.EPOCH,
                "import of a root file system",
                StageState.scratch(platform, Optional.empty()).config());
    try {
      for (String change : changes) {
        state = ConfigChanges.apply(state, change);
      }
    } catch (BuildfileException e) {
      throw new UserException("change: " + e.problem(), e);
    }
    return store(state.finished());
  }

  /** Keeps an image whose layers are in the store. */
  public ImageRecord store(ImageConfig config) throws IOException {
    byte[] bytes = config.encode();
    Digest id = stores.blobs().put(bytes);
    ImageRecord record = new ImageRecord(id, config.platform(), config.diffIds(), List.of());
    stores.images().put(record);
    return record;
  }
}

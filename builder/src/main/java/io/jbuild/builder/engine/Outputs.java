package io.jbuild.builder.engine;

import io.jbuild.builder.BuildListener;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildResult;
import io.jbuild.builder.BuildResult.PlatformImage;
import io.jbuild.builder.BuildResult.StepReport;
import io.jbuild.builder.Output;
import io.jbuild.builder.UserException;
import io.jbuild.builder.image.Exporter;
import io.jbuild.builder.image.ImageSet;
import io.jbuild.builder.image.Pusher;
import io.jbuild.builder.store.Stores;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.ImageStore.Entry;
import io.jbuild.oci.store.NameRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names a built image and sends it where the request says. Names come last: they announce it. */
final class Outputs {
  private final Stores stores;
  private final Exporter exporter;
  private final Pusher pusher;
  private final OutputStream standardOutput;

  Outputs(Stores stores, Exporter exporter, Pusher pusher, OutputStream standardOutput) {
    this.stores = stores;
    this.exporter = exporter;
    this.pusher = pusher;
    this.standardOutput = standardOutput;
  }

  BuildResult finish(
      BuildRequest request,
      List<ImageRecord> images,
      List<StepReport> steps,
      BuildListener listener)
      throws IOException, UserException {
    List<Entry> entries = new ArrayList<>();
    List<PlatformImage> made = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Platform platform = request.platforms().get(i);
      entries.add(new Entry(platform, images.get(i)));
      made.add(new PlatformImage(platform, images.get(i).id()));
      warnIfForeign(platform, images.get(i), request, listener);
    }
    ImageSet set = new ImageSet(entries, request.makesIndex(), Optional.empty());
    Optional<Descriptor> manifest = Optional.empty();
    for (Output output : request.outputs()) {
      Optional<Descriptor> written = write(output, request, set, listener);
      manifest = written.isPresent() ? written : manifest;
    }
    for (Reference tag : request.tags()) {
      name(tag, set, listener);
    }
    return new BuildResult(made, manifest, request.tags(), steps);
  }

  /** What could not be written when the build is done. */
  static void check(BuildRequest request) throws IOException, UserException {
    for (Output output : request.outputs()) {
      if (output instanceof Output.DockerArchive && request.makesIndex()) {
        throw new UserException(
            "a docker archive holds one platform of an image, and this build makes an index",
            "build for one --platform, or write type=oci");
      }
      Optional<Path> file = Optional.empty();
      if (output instanceof Output.OciLayout oci && oci.tar()) {
        file = oci.destination();
      } else if (output instanceof Output.DockerArchive docker) {
        file = docker.destination();
      } else if (output instanceof Output.RootTar tar) {
        file = tar.destination();
      }
      new Exporter.Destination(file, OutputStream.nullOutputStream()).requireDirectory();
    }
  }

  /** An index would promise what its image does not hold. */
  private static void warnIfForeign(
      Platform wanted, ImageRecord image, BuildRequest request, BuildListener listener) {
    Platform found = image.platform();
    boolean same =
        found.os().equals(wanted.os()) && found.architecture().equals(wanted.architecture());
    if (request.makesIndex() && !same) {
      listener.warning(
          "the image for " + wanted + " holds what is for " + found + ": look at its FROM lines");
    }
  }

  private void name(Reference tag, ImageSet set, BuildListener listener) throws IOException {
    NameRecord record = set.named(tag);
    if (!stores.images().name(tag).equals(Optional.of(record))) {
      stores.images().tag(record);
    }
    listener.exporting("naming to " + tag);
  }

  private Optional<Descriptor> write(
      Output output, BuildRequest request, ImageSet set, BuildListener listener)
      throws IOException, UserException {
    Exporter.Named named = new Exporter.Named(set, request.tags());
    if (output instanceof Output.OciLayout oci) {
      listener.exporting("exporting to an OCI layout");
      List<Descriptor> made =
          oci.tar()
              ? exporter.ociArchive(
                  List.of(named),
                  oci.compression(),
                  request.annotations(),
                  destination(oci.destination()))
              : exporter.ociDirectory(
                  List.of(named),
                  oci.compression(),
                  request.annotations(),
                  directory(oci.destination()));
      return Optional.of(made.get(0));
    }
    if (output instanceof Output.DockerArchive docker) {
      listener.exporting("exporting to a docker archive");
      exporter.dockerArchive(List.of(named), destination(docker.destination()));
    } else if (output instanceof Output.RootTar tar) {
      listener.exporting("exporting the root file system");
      exporter.rootTar(set, destination(tar.destination()));
    } else if (output instanceof Output.RootDirectory directory) {
      listener.exporting("exporting the root file system");
      exporter.rootDirectory(set, directory.destination());
    } else if (output instanceof Output.Registry registry) {
      return push(registry, request, set, listener);
    }
    return Optional.empty();
  }

  private Optional<Descriptor> push(
      Output.Registry registry, BuildRequest request, ImageSet set, BuildListener listener)
      throws IOException, UserException {
    if (request.tags().isEmpty()) {
      throw new UserException("a push needs a name", "give one with -t");
    }
    Optional<Descriptor> pushed = Optional.empty();
    for (Reference tag : request.tags()) {
      listener.exporting("pushing " + tag);
      pushed =
          Optional.of(
              pusher.push(set, tag, registry.compression(), request.annotations(), listener));
    }
    return pushed;
  }

  private Exporter.Destination destination(Optional<Path> file) {
    return new Exporter.Destination(file, standardOutput);
  }

  private static Path directory(Optional<Path> directory) throws UserException {
    return directory.orElseThrow(
        () -> new UserException("an output directory needs a destination", "dest=DIRECTORY"));
  }
}

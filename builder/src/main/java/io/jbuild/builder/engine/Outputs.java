package io.jbuild.builder.engine;

import io.jbuild.builder.BuildListener;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildResult;
import io.jbuild.builder.BuildResult.StepReport;
import io.jbuild.builder.Output;
import io.jbuild.builder.UserException;
import io.jbuild.builder.image.Exporter;
import io.jbuild.builder.image.Pusher;
import io.jbuild.builder.store.Stores;
import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.ImageRecord;
import io.jbuild.oci.store.NameRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
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
      BuildRequest request, ImageRecord image, List<StepReport> steps, BuildListener listener)
      throws IOException, UserException {
    Optional<Descriptor> manifest = Optional.empty();
    for (Output output : request.outputs()) {
      Optional<Descriptor> made = write(output, request, image, listener);
      manifest = made.isPresent() ? made : manifest;
    }
    for (Reference tag : request.tags()) {
      name(tag, image, listener);
    }
    return new BuildResult(image.id(), manifest, request.tags(), steps);
  }

  /** Where nothing could be written when the build is done. */
  static void check(BuildRequest request) throws IOException {
    for (Output output : request.outputs()) {
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

  private void name(Reference tag, ImageRecord image, BuildListener listener) throws IOException {
    Optional<NameRecord> present = stores.images().name(tag);
    boolean same =
        present.isPresent()
            && present.get().images().equals(List.of(image.id()))
            && present.get().source().isEmpty();
    if (!same) {
      stores.images().tag(tag, image.id());
    }
    listener.exporting("naming to " + tag);
  }

  private Optional<Descriptor> write(
      Output output, BuildRequest request, ImageRecord image, BuildListener listener)
      throws IOException, UserException {
    Exporter.Named named = new Exporter.Named(image, request.tags());
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
      exporter.rootTar(image, destination(tar.destination()));
    } else if (output instanceof Output.RootDirectory directory) {
      listener.exporting("exporting the root file system");
      exporter.rootDirectory(image, directory.destination());
    } else if (output instanceof Output.Registry registry) {
      return push(registry, request, image, listener);
    }
    return Optional.empty();
  }

  private Optional<Descriptor> push(
      Output.Registry registry, BuildRequest request, ImageRecord image, BuildListener listener)
      throws IOException, UserException {
    if (request.tags().isEmpty()) {
      throw new UserException("a push needs a name", "give one with -t");
    }
    Optional<Descriptor> pushed = Optional.empty();
    for (Reference tag : request.tags()) {
      listener.exporting("pushing " + tag);
      pushed =
          Optional.of(
              pusher.push(image, tag, registry.compression(), request.annotations(), listener));
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

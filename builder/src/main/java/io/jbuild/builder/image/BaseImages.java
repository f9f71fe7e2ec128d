package io.jbuild.builder.image;

import io.jbuild.builder.PullPolicy;
import io.jbuild.builder.TransferListener;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Flights;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.store.Stores;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.MediaTypes;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.store.ImageRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The images that a Buildfile names: from the store, or pulled as the policy says, each once. */
public final class BaseImages {
  private final Stores stores;
  private final Puller puller;
  private final Tasks tasks;
  private final PullPolicy policy;
  private final TransferListener listener;
  private final Cancellation cancellation;
  private final Flights<Wanted, ImageConfig> flights = new Flights<>();

  private record Wanted(Reference reference, Platform platform) {}

  public BaseImages(
      Stores stores,
      Puller puller,
      Tasks tasks,
      PullPolicy policy,
      TransferListener listener,
      Cancellation cancellation) {
    this.stores = stores;
    this.puller = puller;
    this.tasks = tasks;
    this.policy = policy;
    this.listener = listener;
    this.cancellation = cancellation;
  }

  /** The image's configuration; its layers are in the store when the future is done. */
  public CompletableFuture<ImageConfig> get(Reference reference, Platform platform, Origin origin) {
    return flights.join(new Wanted(reference, platform), () -> start(reference, platform, origin));
  }

  private CompletableFuture<ImageConfig> start(
      Reference reference, Platform platform, Origin origin) {
    return tasks
        .submit(() -> local(reference, platform, origin))
        .thenCompose(found -> orPulled(found, reference, platform, origin))
        .handle(
            (config, error) ->
                result(reference.familiar(), config, error, origin, Optional.empty()));
  }

  private CompletableFuture<ImageConfig> orPulled(
      Local found, Reference reference, Platform platform, Origin origin) {
    return found.image().isPresent()
        ? done(found.image().get())
        : pull(reference, platform)
            .handle(
                (config, error) ->
                    result(reference.familiar(), config, error, origin, found.hint()));
  }

  /**
   * The image of an OCI layout: {@code DIRECTORY}, {@code DIRECTORY:TAG} or {@code
   * DIRECTORY@DIGEST}.
   */
  public CompletableFuture<ImageConfig> layout(String place, Platform platform, Origin origin) {
    return tasks
        .submit(() -> LayoutPlace.parse(place).resolve(platform))
        .thenCompose(
            found -> puller.keep(found.arrival(), found.reader(), "load", listener, cancellation))
        .thenCompose(image -> tasks.submit(() -> stores.config(image.id())))
        .handle((config, error) -> result(place, config, error, origin, Optional.empty()));
  }

  private static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  /**
   * What the store has.
   *
   * @param hint what it has instead, for the case that a registry has nothing either
   */
  private record Local(Optional<ImageConfig> image, Optional<String> hint) {}

  private Local local(Reference reference, Platform platform, Origin origin)
      throws IOException, BuildfileException {
    if (policy == PullPolicy.ALWAYS) {
      return new Local(Optional.empty(), Optional.empty());
    }
    Optional<ImageRecord> image = stores.images().get(reference, platform);
    if (image.isPresent() && isComplete(image.get())) {
      return new Local(Optional.of(stores.config(image.get().id())), Optional.empty());
    }
    Optional<ImageSet> others = ImageNames.find(stores.images(), reference);
    // What has no index in its registry would be the same there.
    if (others.filter(BaseImages::isAllThereIs).isPresent() && isComplete(others.get().first())) {
      ImageConfig only = stores.config(others.get().first().id());
      return new Local(Optional.of(only), Optional.empty());
    }
    if (policy == PullPolicy.NEVER) {
      throw origin.error(
          "image "
              + reference.familiar()
              + " is not in the store"
              + others.map(set -> " for " + platform + ", only for " + set.platforms()).orElse("")
              + ", and pulling is off");
    }
    return new Local(
        Optional.empty(), others.map(set -> "the store has it for " + set.platforms()));
  }

  private static boolean isAllThereIs(ImageSet set) {
    return !set.isIndex()
        && set.source().filter(source -> MediaTypes.isManifest(source.mediaType())).isPresent();
  }

  private boolean isComplete(ImageRecord image) throws IOException {
    for (var layer : image.diffIds()) {
      if (!stores.hasLayer(layer)) {
        return false;
      }
    }
    return stores.blobs().has(image.id());
  }

  private CompletableFuture<ImageConfig> pull(Reference reference, Platform platform) {
    return puller
        .pull(reference, platform, listener, cancellation)
        .thenCompose(image -> tasks.submit(() -> stores.config(image.id())));
  }

  private static ImageConfig result(
      String name, ImageConfig config, Throwable error, Origin origin, Optional<String> hint) {
    if (error == null) {
      return config;
    }
    Throwable cause = Tasks.unwrap(error);
    if (cause instanceof IOException failed) {
      String message = "cannot get image " + name + ": " + failed.getMessage();
      BuildfileException told =
          hint.map(h -> origin.error(message, h)).orElseGet(() -> origin.error(message));
      told.initCause(failed);
      throw new CompletionException(told);
    }
    throw new CompletionException(cause);
  }
}

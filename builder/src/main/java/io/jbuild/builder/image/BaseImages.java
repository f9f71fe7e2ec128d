package io.jbuild.builder.image;

import io.jbuild.builder.PullPolicy;
import io.jbuild.builder.TransferListener;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.plan.PlatformNames;
import io.jbuild.builder.plan.Supply;
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
  public CompletableFuture<ImageConfig> get(Supply.OfImage image, Platform platform) {
    return flights.join(
        new Wanted(image.reference(), platform),
        () ->
            tasks
                .submit(() -> local(image, platform))
                .thenCompose(found -> orPulled(found, image, platform))
                .handle((config, error) -> result(image, config, error, image.hint())));
  }

  private CompletableFuture<ImageConfig> orPulled(
      Local found, Supply.OfImage image, Platform platform) {
    return found.image().isPresent()
        ? done(found.image().get())
        : pull(image.reference(), platform)
            .handle((config, error) -> result(image, config, error, hint(found, image, platform)));
  }

  /** What is the matter, should nobody have the image. */
  private static Optional<String> hint(Local found, Supply.OfImage image, Platform platform) {
    return found.hint().or(image::hint).or(() -> PlatformNames.hint(platform.toString()));
  }

  private static ImageConfig result(
      Supply.OfImage image, ImageConfig config, Throwable error, Optional<String> hint) {
    return result(image.reference().familiar(), config, error, image.origin(), hint);
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

  private Local local(Supply.OfImage wanted, Platform platform)
      throws IOException, BuildfileException {
    Reference reference = wanted.reference();
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
      String problem =
          "image "
              + reference.familiar()
              + " is not in the store"
              + others.map(set -> " for " + platform + ", only for " + set.platforms()).orElse("")
              + ", and pulling is off";
      Origin origin = wanted.origin();
      throw wanted.hint().map(h -> origin.error(problem, h)).orElseGet(() -> origin.error(problem));
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

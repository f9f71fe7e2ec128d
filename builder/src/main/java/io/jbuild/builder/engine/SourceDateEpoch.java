package io.jbuild.builder.engine;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.plan.NamedContexts;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.remote.RemoteContexts;
import io.jbuild.builder.remote.RemoteDirectory;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.oci.Platform;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What the argument SOURCE_DATE_EPOCH stands for: seconds, {@code context}, a named context, or a
 * stage that is made of one remote file or repository. Of what is on this machine it says nothing:
 * a checkout's times are those of the checkout.
 */
final class SourceDateEpoch {
  static final String NAME = "SOURCE_DATE_EPOCH";

  private static final String CONTEXT = "context";

  private final Inputs inputs;
  private final RemoteContexts remotes;
  private final StageGraph graph;

  SourceDateEpoch(Inputs inputs, RemoteContexts remotes, StageGraph graph) {
    this.inputs = inputs;
    this.remotes = remotes;
    this.graph = graph;
  }

  /** As it was given, or as the Buildfile has it before the first FROM. */
  static String text(StageGraph graph) {
    return graph.args().given(NAME).or(() -> graph.args().inherited(NAME)).orElse("");
  }

  /** With the seconds as the argument's value, which is what steps see that declare it. */
  static BuildRequest put(BuildRequest request, Optional<Instant> time) {
    boolean given = request.buildArgs().containsKey(NAME);
    return time.isPresent() || given
        ? request.withBuildArg(
            NAME, time.map(instant -> Long.toString(instant.getEpochSecond())).orElse(""))
        : request;
  }

  /** The time, whole seconds; empty when there is none to clamp to. */
  Optional<Instant> resolve()
      throws IOException, UserException, BuildfileException, InterruptedException {
    String text = text(graph);
    if (text.isEmpty()) {
      return Optional.empty();
    } else if (text.matches("[0-9]{1,12}")) {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    } else if (text.equals(CONTEXT)) {
      return inputs.time();
    }
    Platform platform = inputs.request().platform();
    Optional<ContextSource> context =
        NamedContexts.of(inputs.request().namedContexts()).find(text, platform);
    if (context.isPresent() && !(context.get() instanceof ContextSource.Target)) {
      return context.get() instanceof ContextSource.Remote remote ? time(remote) : Optional.empty();
    }
    String name = context.isPresent() ? ((ContextSource.Target) context.get()).stage() : text;
    Optional<Stage> stage = graph.named(name);
    if (stage.isEmpty()) {
      throw new UserException(
          NAME
              + " "
              + Printable.quote(text)
              + " is no number of seconds, no named context and no stage");
    }
    return time(new EpochStage(graph, stage.get()).source());
  }

  private Optional<Instant> time(ContextSource.Remote source)
      throws IOException, UserException, InterruptedException {
    try (RemoteDirectory directory = remotes.fetch(source)) {
      return directory.time();
    }
  }
}

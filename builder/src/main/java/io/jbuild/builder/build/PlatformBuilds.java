package io.jbuild.builder.build;

import io.jbuild.builder.BuildListener;
import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.BuildResult.StepReport;
import io.jbuild.builder.UserException;
import io.jbuild.builder.image.BaseImages;
import io.jbuild.builder.lint.BasePlatforms;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.step.Workshop;
import io.jbuild.oci.Platform;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * One build for all of its platforms, side by side. They share everything but their stages: a step
 * that two platforms need with the same key is taken once, the context is read once, and the first
 * failure ends them all.
 */
public final class PlatformBuilds implements Closeable {
  private final BuildListener listener;
  private final Trees trees;
  private final StepTaker steps;
  private final Watch watch;
  private final List<BuildSession> sessions = new ArrayList<>();

  /**
   * @param graphs one for each platform of the request, in its order
   * @param buildfile where the Buildfile is, for the ignore file beside it
   * @param logs a directory for the outputs of this build's steps, made when it is needed
   */
  public PlatformBuilds(
      Workshop workshop,
      BuildListener listener,
      List<StageGraph> graphs,
      BaseImages images,
      List<BasePlatforms> basePlatforms,
      Optional<Path> buildfile,
      Path logs) {
    this.listener = listener;
    this.trees = new Trees(workshop, buildfile);
    GitSources gitSources = new GitSources(workshop);
    this.steps = new StepTaker(workshop, listener, logs);
    this.watch = new Watch(workshop.cancellation());
    BuildRequest request = workshop.request();
    List<Platform> platforms = request.platforms();
    for (int i = 0; i < platforms.size(); i++) {
      StepNames names = new StepNames(platforms, i, request.makesIndex());
      Workshop own = workshop.withRequest(request.forPlatform(platforms.get(i)));
      BasePlatforms bases = basePlatforms.get(i);
      sessions.add(
          new BuildSession(
              own, listener, graphs.get(i), images, bases, trees, gitSources, steps, watch, names));
    }
  }

  /**
   * Builds the target stage for each platform, in their order; when this returns or throws, nothing
   * of the build runs any more.
   */
  public List<StageState> solve()
      throws IOException, BuildfileException, UserException, InterruptedException {
    int planned = 0;
    for (BuildSession session : sessions) {
      planned += session.planned();
    }
    listener.planned(planned);
    try {
      List<CompletableFuture<StageState>> targets = new ArrayList<>();
      for (BuildSession session : sessions) {
        targets.add(session.begin());
      }
      List<StageState> states = new ArrayList<>();
      for (CompletableFuture<StageState> target : targets) {
        states.add(watch.await(target));
      }
      return states;
    } finally {
      watch.awaitEnd();
    }
  }

  /** Arguments that the ONBUILD instructions of the base images take. */
  public Set<String> argsOfTriggers() {
    Set<String> all = new TreeSet<>();
    sessions.forEach(session -> all.addAll(session.argsOfTriggers()));
    return all;
  }

  public List<StepReport> reports() {
    return steps.reports();
  }

  @Override
  public void close() throws IOException {
    trees.close();
  }
}

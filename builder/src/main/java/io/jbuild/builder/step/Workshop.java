package io.jbuild.builder.step;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.git.GitRepositories;
import io.jbuild.builder.solve.Cancellation;
import io.jbuild.builder.solve.Tasks;
import io.jbuild.builder.store.Stores;
import io.jbuild.builder.web.WebFiles;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.linux.Timestamp;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What every step of one build works with.
 *
 * @param isolation opened when the first command runs
 * @param fixedTime the time that no file of a layer may be younger than
 * @param warnings takes one line each
 */
public record Workshop(
    Stores stores,
    IsolationSource isolation,
    Tasks tasks,
    Cancellation cancellation,
    BuildRequest request,
    WebFiles web,
    GitRepositories git,
    Optional<Instant> fixedTime,
    Consumer<String> warnings) {

  /** Opens the isolation core once. */
  @FunctionalInterface
  public interface IsolationSource {
    IsolationCore get() throws IOException;
  }

  /** The same for another request of the same build. */
  public Workshop withRequest(BuildRequest other) {
    return new Workshop(
        stores, isolation, tasks, cancellation, other, web, git, fixedTime, warnings);
  }

  /** What younger files are set back to. */
  Optional<Timestamp> newest() {
    return fixedTime.map(time -> Timestamp.ofSeconds(time.getEpochSecond()));
  }

  /** As a field of every key: layers made under another time are other layers. */
  String timeField() {
    return fixedTime.map(Instant::toString).orElse("");
  }
}

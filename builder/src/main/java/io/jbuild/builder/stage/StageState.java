package io.jbuild.builder.stage;

import io.jbuild.oci.DiffId;
import io.jbuild.oci.Digest;
import io.jbuild.oci.History;
import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import io.jbuild.oci.RunConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The image that a stage has made so far, and what its next instruction sees.
 *
 * <p>Times in it come from the build's fixed time, or else from the base and from the records of
 * the steps, never from the clock: a build whose steps all come from the cache makes the same
 * bytes.
 */
public final class StageState {
  /** Who wrote the history; in every entry that jbuild adds. */
  static final String COMMENT = "jbuild";

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final ImageConfig image;
  private final Environment environment;
  private final boolean cmdSet;
  private final @Nullable Instant fixedTime;
  private final Set<Digest> stepsTaken;

  /** Characters of the history. */
  private final long told;

  private StageState(
      ImageConfig image,
      Environment environment,
      boolean cmdSet,
      @Nullable Instant fixedTime,
      Set<Digest> stepsTaken,
      long told) {
    this.image = image;
    this.environment = environment;
    this.cmdSet = cmdSet;
    this.fixedTime = fixedTime;
    this.stepsTaken = Set.copyOf(stepsTaken);
    this.told = told;
  }

  /** After {@code FROM} an image. */
  public static StageState from(ImageConfig base, Optional<Instant> fixedTime) {
    List<String> env = new ArrayList<>(base.config().env());
    if (env.stream().noneMatch(entry -> entry.startsWith("PATH="))) {
      env.add(0, "PATH=" + DEFAULT_PATH);
    }
    RunConfig config = base.config().edit().env(env).build();
    long told = base.history().stream().mapToLong(entry -> entry.createdBy().length()).sum();
    return new StageState(
        base.withConfig(config),
        Environment.of(env),
        false,
        fixedTime.orElse(null),
        Set.of(),
        told);
  }

  /** After {@code FROM scratch}. */
  public static StageState scratch(Platform platform, Optional<Instant> fixedTime) {
    ImageConfig empty = ImageConfig.scratch(platform);
    return from(empty.withConfig(empty.config().edit().workingDir("/").build()), fixedTime);
  }

  /** After {@code FROM} another stage: all of it, arguments included, but a CMD of its own. */
  public StageState asBase() {
    return new StageState(image, environment, false, fixedTime, stepsTaken, told);
  }

  public ImageConfig image() {
    return image;
  }

  public RunConfig config() {
    return image.config();
  }

  public List<DiffId> layers() {
    return image.diffIds();
  }

  public Environment environment() {
    return environment;
  }

  public boolean cmdSet() {
    return cmdSet;
  }

  /** An absolute path; that of an image which names none is the root. */
  public String workdir() {
    return config().workingDir().isEmpty() ? "/" : config().workingDir();
  }

  /** {@code SHELL}, or the one that everybody has. */
  public List<String> shell() {
    return config().shell().isEmpty() ? List.of("/bin/sh", "-c") : config().shell();
  }

  /**
   * How many characters the parts of the image's text have that instructions add to without end.
   */
  public long textSize() {
    RunConfig config = config();
    long size = told + length(config.env()) + length(config.onBuild());
    size += length(config.exposedPorts()) + length(config.volumes());
    return size + length(config.labels().keySet()) + length(config.labels().values());
  }

  private static long length(Collection<String> texts) {
    long size = 0;
    for (String text : texts) {
      size += text.length();
    }
    return size;
  }

  /** Whether a step with this key has been taken on the way here: a second one is another step. */
  public boolean hasTaken(Digest key) {
    return stepsTaken.contains(key);
  }

  /** After a step that changed only the configuration. */
  public StageState configured(RunConfig config, String createdBy) {
    ImageConfig next = image.withConfig(config).withStep(history(createdBy, true));
    return new StageState(
        next, environment, cmdSet, fixedTime, stepsTaken, told + createdBy.length());
  }

  /** After a step that changed nothing but what the history tells. */
  public StageState noted(String createdBy) {
    return configured(config(), createdBy);
  }

  public StageState withEnvironment(Environment changed) {
    return with(image, changed, cmdSet);
  }

  public StageState withAuthor(String author) {
    return with(image.withAuthor(author), environment, cmdSet);
  }

  public StageState withCmdSet() {
    return with(image, environment, true);
  }

  /** With a configuration that no history tells of. */
  public StageState withConfig(RunConfig config) {
    return with(image.withConfig(config), environment, cmdSet);
  }

  /** With labels from the command line, which stand in the configuration alone. */
  public StageState withLabels(Map<String, String> labels) {
    TreeMap<String, String> all = new TreeMap<>(config().labels());
    all.putAll(labels);
    return withConfig(config().edit().labels(all).build());
  }

  /** After {@code ENV}: each pair, in order. */
  public StageState withEnv(Map<String, String> pairs, String createdBy) {
    Environment changed = environment;
    List<String> env = new ArrayList<>(config().env());
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      changed = changed.set(pair.getKey(), pair.getValue());
      replaceOrAdd(env, pair.getKey(), pair.getValue());
    }
    return withEnvironment(changed).configured(config().edit().env(env).build(), createdBy);
  }

  /** After {@code UNSET ENV}. */
  public StageState withoutEnv(Collection<String> names, String createdBy) {
    Environment changed = environment;
    List<String> env = new ArrayList<>(config().env());
    for (String name : names) {
      changed = changed.unset(name);
      env.removeIf(entry -> entry.startsWith(name + "="));
    }
    return withEnvironment(changed).configured(config().edit().env(env).build(), createdBy);
  }

  private static void replaceOrAdd(List<String> env, String name, String value) {
    String entry = name + "=" + value;
    for (int i = 0; i < env.size(); i++) {
      if (env.get(i).startsWith(name + "=")) {
        env.set(i, entry);
        return;
      }
    }
    env.add(entry);
  }

  /** After {@code EXPOSE}. */
  public StageState withPorts(List<String> ports, String createdBy) {
    TreeSet<String> all = new TreeSet<>(config().exposedPorts());
    all.addAll(ports);
    return configured(config().edit().exposedPorts(all).build(), createdBy);
  }

  /** After {@code VOLUME}. */
  public StageState withVolumes(List<String> paths, String createdBy) {
    TreeSet<String> all = new TreeSet<>(config().volumes());
    all.addAll(paths);
    return configured(config().edit().volumes(all).build(), createdBy);
  }

  /**
   * After a step that could change files.
   *
   * @param layer what it changed; empty when it changed nothing
   * @param done when it ran, as its record tells
   */
  public StageState stepped(
      Digest key, Optional<DiffId> layer, Instant done, String createdBy, RunConfig config) {
    Instant time = later(done);
    ImageConfig timed = image.withCreated(time).withConfig(config);
    History entry = new History(Optional.of(time), createdBy, "", COMMENT, layer.isEmpty());
    ImageConfig next =
        layer.isPresent() ? timed.withLayer(layer.get(), entry) : timed.withStep(entry);
    Set<Digest> taken = new HashSet<>(stepsTaken);
    taken.add(key);
    return new StageState(next, environment, cmdSet, fixedTime, taken, told + createdBy.length());
  }

  private Instant later(Instant done) {
    if (fixedTime != null) {
      return fixedTime;
    }
    return image.created().filter(created -> created.isAfter(done)).orElse(done);
  }

  private History history(String createdBy, boolean empty) {
    return new History(time(), createdBy, "", COMMENT, empty);
  }

  private Optional<Instant> time() {
    return fixedTime != null ? Optional.of(fixedTime) : image.created();
  }

  /** The image as it is announced. */
  public ImageConfig finished() {
    return fixedTime != null ? image.withCreated(fixedTime) : image;
  }

  private StageState with(ImageConfig newImage, Environment newEnvironment, boolean newCmdSet) {
    return new StageState(newImage, newEnvironment, newCmdSet, fixedTime, stepsTaken, told);
  }
}

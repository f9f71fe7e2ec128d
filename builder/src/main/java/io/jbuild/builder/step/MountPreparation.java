package io.jbuild.builder.step;

import io.jbuild.builder.Entitlement;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.UserException;
import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.cache.StepRecord;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.copy.CopyInput;
import io.jbuild.builder.copy.CopyRequest;
import io.jbuild.builder.copy.CopySelection;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.layers.LayerIngest;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks up what the mounts of one RUN need. */
public final class MountPreparation {
  private static final TreePath PLACE = TreePath.parse("/source");

  private final Workshop workshop;
  private final Run run;
  private final StageState state;
  private int agents;

  public MountPreparation(Workshop workshop, Run run, StageState state) {
    this.workshop = workshop;
    this.run = run;
    this.state = state;
  }

  /** The tree that a mount names: of a stage, an image, a context; without a name the context. */
  @FunctionalInterface
  public interface TreeByName {
    SourceTree get(Optional<String> name) throws IOException, BuildfileException;
  }

  /** Whether what the instruction asks for was given by whoever started the build. */
  public void checkEntitlements() throws BuildfileException {
    boolean host = run.network() == Run.Network.HOST;
    if (host && workshop.request().defaultNetwork() != NetworkMode.HOST) {
      require(Entitlement.NETWORK_HOST, "--network=host", "network.host");
    }
    if (run.security() == Run.Security.INSECURE) {
      require(Entitlement.SECURITY_INSECURE, "--security=insecure", "security.insecure");
    }
    for (Run.Device device : run.devices()) {
      if (device.required()) {
        throw run.origin().error("device " + device.name() + " cannot be given to a step");
      }
      workshop
          .warnings()
          .accept("RUN --device=" + device.name() + " is left out: no step gets devices");
    }
  }

  private void require(Entitlement entitlement, String flag, String name)
      throws BuildfileException {
    if (!workshop.request().allowed().contains(entitlement)) {
      throw run.origin().error("RUN " + flag + " is not allowed", "allow it with --allow " + name);
    }
  }

  /** The name that a mount takes its files from. */
  public static Optional<String> from(RunMount mount) {
    if (mount instanceof RunMount.Bind bind) {
      return bind.from();
    }
    return mount instanceof RunMount.Cache cache ? cache.from() : Optional.empty();
  }

  public StepMount mount(RunMount mount, TreeByName trees) throws IOException, BuildfileException {
    if (mount instanceof RunMount.Bind bind) {
      return bind(bind, trees);
    }
    if (mount instanceof RunMount.Cache cache) {
      return cache(cache, trees);
    }
    if (mount instanceof RunMount.Tmpfs tmpfs) {
      return new SimpleMounts.OfTmpfs(tmpfs, target(tmpfs.target()));
    }
    return mount instanceof RunMount.Secret secret ? secret(secret) : ssh((RunMount.Ssh) mount);
  }

  private TreePath target(String target) throws BuildfileException {
    return SimpleMounts.target(target, state.workdir(), run.origin());
  }

  private StepMount secret(RunMount.Secret secret) throws BuildfileException {
    Optional<TreePath> target =
        secret.target().isPresent() ? Optional.of(target(secret.target().get())) : Optional.empty();
    return new SimpleMounts.OfSecret(
        secret,
        target,
        Optional.ofNullable(workshop.request().secrets().get(secret.id())),
        run.origin());
  }

  private StepMount ssh(RunMount.Ssh ssh) throws BuildfileException {
    String usual = "/run/buildkit/ssh_agent." + agents++;
    return new SimpleMounts.OfSsh(
        ssh,
        target(ssh.target().orElse(usual)),
        Optional.ofNullable(workshop.request().sshSockets().get(ssh.id())),
        run.origin());
  }

  private StepMount cache(RunMount.Cache cache, TreeByName trees)
      throws IOException, BuildfileException {
    Optional<CopySelection> seed = Optional.empty();
    if (cache.from().isPresent()) {
      SourceTree tree = trees.get(cache.from());
      TreePath source = TreePath.parse(cache.source().orElse("/"));
      if (!isDirectory(tree, source)) {
        throw run.origin()
            .error("a cache mount begins with a directory, and \"" + source + "\" is none");
      }
      seed = Optional.of(select(tree, source, CacheMount.CONTENT_PATH));
    }
    String namespace = workshop.request().buildArgs().getOrDefault("BUILDKIT_CACHE_MOUNT_NS", "");
    return new CacheMount(cache, target(cache.target()), seed, namespace, workshop.stores());
  }

  private boolean isDirectory(SourceTree tree, TreePath source)
      throws IOException, BuildfileException {
    return tree.view()
        .resolve(source)
        .stat()
        .orElseThrow(() -> run.origin().error("mount: \"" + source + "\" is not in " + tree.name()))
        .isDirectory();
  }

  private CopySelection select(SourceTree tree, TreePath source, TreePath destination)
      throws IOException, BuildfileException {
    CopyRequest request =
        CopyRequest.of(List.of(new CopyInput.Files(tree, literal(source))), destination.toString());
    try {
      return CopySelection.of(request, workshop.tasks()::execute);
    } catch (UserException e) {
      throw CopyFailure.at(run.origin(), e);
    }
  }

  /**
   * The files are copied into a layer of their own, known by their content: what the step sees is
   * what its key says, whatever happens to the tree meanwhile.
   */
  private StepMount bind(RunMount.Bind bind, TreeByName trees)
      throws IOException, BuildfileException {
    SourceTree tree = trees.get(bind.from());
    TreePath source = TreePath.parse(bind.source());
    boolean directory = isDirectory(tree, source);
    CopySelection selection = select(tree, source, PLACE);
    try {
      Path layer = workshop.stores().layer(layer(selection)).fs();
      return new BindMount(
          workshop,
          List.of(layer),
          PLACE,
          target(bind.target()),
          bind.writable(),
          !directory,
          selection.digest().toString());
    } catch (UserException e) {
      throw CopyFailure.at(run.origin(), e);
    }
  }

  /** A path, not a pattern: what would be a wildcard is taken literally. */
  private static String literal(TreePath path) {
    return path.toString().replaceAll("([\\\\*?\\[])", "\\\\$1");
  }

  private DiffId layer(CopySelection selection) throws IOException, UserException {
    StepKey key = StepKey.of("bind").add("content", selection.digest().toString()).build();
    Optional<StepRecord> known = workshop.stores().steps().find(key);
    if (known.isPresent() && known.get().layer().isPresent()) {
      return known.get().layer().get();
    }
    try (var nothing = io.jbuild.builder.store.RootTree.open(workshop.stores(), List.of());
        LayerIngest ingest = workshop.stores().layers().begin()) {
      DiffId layer = selection.onto(nothing.view(), Timestamp.EPOCH).write(ingest).diffId();
      workshop
          .stores()
          .steps()
          .put(
              key,
              new StepRecord(
                  key.fields(), Optional.of(layer), Instant.EPOCH, Duration.ZERO, "bind mount"));
      return layer;
    }
  }
}

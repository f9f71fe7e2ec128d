package io.jbuild.builder.step;

import io.jbuild.builder.Entitlement;
import io.jbuild.builder.NetworkMode;
import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.copy.CopyInput;
import io.jbuild.builder.copy.CopyRequest;
import io.jbuild.builder.copy.CopySelection;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.run.NetworkChoice;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Looks up what the mounts of one RUN need. */
public final class MountPreparation {
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
    NetworkMode usual =
        NetworkChoice.meant(workshop.request().defaultNetwork(), NetworkChoice.OF_BUILDS);
    if (host && usual != NetworkMode.HOST) {
      require(Entitlement.NETWORK_HOST, "--network=host", "network.host");
    }
    if (run.security() == Run.Security.INSECURE) {
      require(Entitlement.SECURITY_INSECURE, "--security=insecure", "security.insecure");
    }
  }

  /** What the step gets for its devices. */
  public Optional<StepMount> devices() throws IOException, BuildfileException {
    return new StepDevices(workshop, run).find();
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
        workshop.stores().layers(),
        run.origin());
  }

  private StepMount cache(RunMount.Cache cache, TreeByName trees)
      throws IOException, BuildfileException {
    Optional<CopySelection> seed = Optional.empty();
    if (cache.from().isPresent()) {
      SourceTree tree = trees.get(cache.from());
      TreePath source = TreePath.parse(cache.source().orElse("/"));
      if (!find(tree, source).stat().orElseThrow().isDirectory()) {
        throw run.origin()
            .error("a cache mount begins with a directory, and \"" + source + "\" is none");
      }
      seed = Optional.of(select(tree, source, CacheMount.CONTENT_PATH));
    }
    String namespace = workshop.request().buildArgs().getOrDefault("BUILDKIT_CACHE_MOUNT_NS", "");
    return new CacheMount(
        cache,
        target(cache.target()),
        seed,
        namespace,
        workshop.stores(),
        workshop.cancellation(),
        workshop.isolation());
  }

  private TreeView.Resolved find(SourceTree tree, TreePath source)
      throws IOException, BuildfileException {
    TreeView.Resolved found = tree.view().resolve(source);
    if (found.stat().isEmpty()) {
      throw run.origin().error("mount: \"" + source + "\" is not in " + tree.name());
    }
    return found;
  }

  private CopySelection select(SourceTree tree, TreePath source, TreePath destination)
      throws IOException, BuildfileException {
    CopyRequest request =
        CopyRequest.of(List.of(new CopyInput.Files(tree, literal(source))), destination.toString());
    try {
      return CopySelection.of(request, workshop.tasks()::execute, workshop.cancellation()::check);
    } catch (UserException e) {
      throw CopyFailure.at(run.origin(), e);
    }
  }

  /** Hashed in any case: the key has the content, wherever it comes from. */
  private StepMount bind(RunMount.Bind bind, TreeByName trees)
      throws IOException, BuildfileException {
    SourceTree tree = trees.get(bind.from());
    TreePath source = find(tree, TreePath.parse(bind.source())).path();
    CopySelection selection = select(tree, source, CopiedFiles.PLACE);
    boolean mountable =
        tree.layers().isPresent()
            && MountApi.clonesDetached()
            && !workshop.stores().snapshots().viewsAreCopies();
    return new BindMount(
        target(bind.target()),
        bind.writable(),
        selection.digest().toString(),
        mountable
            ? new LayersSource(workshop.stores(), tree.layers().get(), source, bind.writable())
            : new CopiedFiles(workshop.stores(), selection, bind.writable()));
  }

  /** A path, not a pattern: what would be a wildcard is taken literally. */
  private static String literal(TreePath path) {
    return path.toString().replaceAll("([\\\\*?\\[])", "\\\\$1");
  }
}

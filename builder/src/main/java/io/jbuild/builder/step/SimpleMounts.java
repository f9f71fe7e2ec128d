package io.jbuild.builder.step;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.instruction.RunMount;
import io.jbuild.builder.secret.Secrets;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.SandboxFile;
import io.jbuild.layers.LayerIngest;
import io.jbuild.layers.LayerStore;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.linux.mount.Tmpfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The mounts that need nothing but the request: tmpfs, secret and ssh. */
final class SimpleMounts {
  private SimpleMounts() {}

  /** The place of a mount: relative to the working directory unless absolute. */
  static TreePath target(String target, String workdir, Origin origin) throws BuildfileException {
    TreePath path = TreePath.parse(target.startsWith("/") ? target : workdir + "/" + target);
    if (isSystem(path)) {
      throw origin.error("cannot mount on " + path);
    }
    return path;
  }

  /** Whether it is the root, or belongs to the file systems that every sandbox has. */
  static boolean isSystem(TreePath path) {
    return path.isRoot()
        || path.equals(TreePath.parse("/dev"))
        || path.startsWith(TreePath.parse("/proc"))
        || path.startsWith(TreePath.parse("/sys"));
  }

  /** {@code type=tmpfs}. */
  record OfTmpfs(RunMount.Tmpfs mount, TreePath target) implements StepMount {
    private static final int USUAL_MODE = 01777;

    @Override
    public List<String> keyFields() {
      OptionalLong size = mount.size();
      List<String> fields = new ArrayList<>();
      fields.add("tmpfs");
      fields.add(target.toString());
      fields.add(size.isPresent() ? "" + size.getAsLong() : "");
      if (mount.readOnly() || mount.mode() != USUAL_MODE) {
        fields.add(Integer.toOctalString(mount.mode()) + (mount.readOnly() ? " ro" : ""));
      }
      return fields;
    }

    @Override
    public void add(StepResources resources, Map<String, String> env) {
      Tmpfs tmpfs = new Tmpfs(mount.size(), OptionalLong.empty(), mount.mode());
      Set<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV);
      if (mount.readOnly()) {
        flags.add(MountFlag.READ_ONLY);
      }
      resources.mount(new MountPoint(tmpfs, target, flags));
    }
  }

  /** {@code type=secret}: read when the step runs, in memory only. */
  record OfSecret(
      RunMount.Secret mount,
      Optional<TreePath> target,
      Optional<SecretSource> source,
      Origin origin)
      implements StepMount {
    @Override
    public List<String> keyFields() {
      return List.of(
          "secret",
          mount.id(),
          target.map(TreePath::toString).orElse(""),
          mount.env().orElse(""),
          Integer.toOctalString(mount.mode()),
          mount.uid() + ":" + mount.gid(),
          Boolean.toString(source.isPresent()));
    }

    @Override
    public void add(StepResources resources, Map<String, String> env)
        throws IOException, BuildfileException, UserException {
      if (source.isEmpty()) {
        if (mount.required()) {
          throw origin.error(
              "secret " + mount.id() + " is required, and was not given",
              "give it with --secret id=" + mount.id() + ",src=FILE");
        }
        return;
      }
      byte[] value = Secrets.read(mount.id(), source.get(), SandboxFile.MAX_BYTES);
      mount.env().ifPresent(name -> env.put(name, new String(value, StandardCharsets.UTF_8)));
      if (target.isPresent()) {
        resources.file(
            new SandboxFile(target.get(), value, mount.mode(), mount.uid(), mount.gid()));
      }
    }
  }

  /** {@code type=ssh}: a way to the caller's agent, for the time of the step. */
  record OfSsh(
      RunMount.Ssh mount, TreePath target, Optional<Path> socket, LayerStore place, Origin origin)
      implements StepMount {
    @Override
    public List<String> keyFields() {
      return List.of("ssh", mount.id(), target.toString(), Boolean.toString(socket.isPresent()));
    }

    @Override
    public void add(StepResources resources, Map<String, String> env)
        throws IOException, BuildfileException, UserException {
      if (socket.isEmpty()) {
        if (mount.required()) {
          throw origin.error(
              "ssh agent " + mount.id() + " is required, and was not given",
              "give it with --ssh " + mount.id());
        }
        return;
      }
      Path agent = socket.get().toAbsolutePath();
      requireSocket(agent);
      LayerIngest directory = resources.keep(place.begin());
      KernelDir dir = resources.keep(KernelDir.open(directory.fs()));
      resources.keep(AgentForward.start(dir, agent));
      dir.setOwner(AgentForward.SOCKET, mount.uid(), mount.gid());
      dir.setPermissions(AgentForward.SOCKET, mount.mode().orElse(0600));
      TreePath made = TreePath.ROOT.resolve(AgentForward.SOCKET);
      Bind bind = new Bind(resources.keep(dir.resolvePath(made)), false);
      Set<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV, MountFlag.NO_EXEC);
      resources.mount(new MountPoint(bind, target, flags));
      if (resources.isFirstAgent()) {
        env.put("SSH_AUTH_SOCK", target.toString());
      }
    }

    private void requireSocket(Path agent) throws IOException, UserException {
      if (Files.notExists(agent)) {
        throw new UserException(
            "ssh agent " + mount.id() + ": there is no socket \"" + agent + "\"");
      }
      if (!Files.readAttributes(agent, BasicFileAttributes.class).isOther()) {
        throw new UserException(
            "ssh agent " + mount.id() + ": \"" + agent + "\" is not the socket of an agent",
            "load a key into an agent with ssh-add");
      }
    }
  }
}

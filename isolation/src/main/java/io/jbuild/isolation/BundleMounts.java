package io.jbuild.isolation;

import io.jbuild.isolation.plan.FillDev;
import io.jbuild.isolation.plan.ProvideBundle;
import io.jbuild.isolation.plan.ProvideFiles.OwnFile;
import io.jbuild.isolation.plan.Target;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Fd;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.Filesystem;
import io.jbuild.linux.mount.MountApi;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountOption;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.linux.mount.Tmpfs;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The mounts of a spec as a runtime specification has them. File systems that the runtime can make
 * are told to it; all else is mounted below the bundle, and bound from there.
 */
final class BundleMounts {
  private static final Set<MountFlag> INERT =
      EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);
  private static final int MAX_LINKS = 40;

  private final Path bundle;
  private final MountPoints points;
  private final Closing opened;
  private final List<JsonValue> entries = new ArrayList<>();
  private final List<ProvideBundle.Source> sources = new ArrayList<>();
  private final List<OwnFile> files = new ArrayList<>();

  /**
   * @param bundle where the bundle is in the runtime's mount namespace
   * @param opened closes what only the runtime needs, once it is there
   */
  BundleMounts(Path bundle, MountPoints points, Closing opened) {
    this.bundle = bundle;
    this.points = points;
    this.opened = opened;
  }

  /** Those of the spec and those that every sandbox has. */
  void addAll(SandboxSpec spec, NameFiles nameFiles, boolean pureUnified) throws IOException {
    for (String directory : List.of("/dev", "/proc", "/sys")) {
      points.prepareSystemDirectory(TreePath.parse(directory));
    }
    made("/proc", "proc", INERT, List.of());
    made("/dev", "tmpfs", Set.of(MountFlag.NO_SUID), List.of("mode=755", "size=64m"));
    Rights rights = Rights.of(spec);
    devices(spec, rights);
    List<MountPoint> ordered = new ArrayList<>(spec.mounts());
    ordered.sort(Comparator.comparing(MountPoint::target));
    for (MountPoint mount : ordered) {
      add(mount);
    }
    for (SandboxFile file : spec.files()) {
      add(file, place(file.target(), true));
    }
    for (SandboxFile file : nameFiles.missing()) {
      addIfPossible(file);
    }
    Set<MountFlag> flags = EnumSet.copyOf(INERT);
    if (spec.walls().maskKernelFiles()) {
      flags.add(MountFlag.READ_ONLY);
    }
    if (rights.sysIsHosts(spec)) {
      entries.add(entry("/sys", "bind", "/sys", flags, List.of("rbind")));
    } else {
      made("/sys", "sysfs", flags, List.of());
    }
    if (pureUnified) {
      flags.add(MountFlag.READ_ONLY);
      made("/sys/fs/cgroup", "cgroup", flags, List.of());
    }
  }

  private void devices(SandboxSpec spec, Rights rights) {
    List<String> terminals = new ArrayList<>(List.of("newinstance", "ptmxmode=0666", "mode=0620"));
    if (rights.mapsGid(FillDev.TTY_GROUP)) {
      terminals.add("gid=" + FillDev.TTY_GROUP);
    }
    made("/dev/pts", "devpts", EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_EXEC), terminals);
    long shared = spec.limits().sharedMemoryBytes().orElse(SandboxPlanner.SHARED_MEMORY_BYTES);
    made("/dev/shm", "tmpfs", INERT, List.of("mode=1777", "size=" + shared));
    made("/dev/mqueue", "mqueue", INERT, List.of());
  }

  private void made(String target, String type, Set<MountFlag> flags, List<String> options) {
    entries.add(entry(target, type, type, flags, options));
  }

  private void add(MountPoint point) throws IOException {
    if (point.mount() instanceof Filesystem made
        && (made.showsNamespaces() || made instanceof Tmpfs)) {
      List<String> options = made.options().stream().map(MountOption::toString).toList();
      String target = place(point.target(), false);
      entries.add(entry(target, made.type(), made.type(), point.flags(), options));
      return;
    }
    boolean file = point.mount() instanceof Bind bind && isFile(bind.source());
    String target = place(point.target(), file);
    Fd mount = opened.add(MountApi.openDetached(point.mount(), point.flags()));
    String source = bundle.resolve(ProvideBundle.mount(sources.size())).toString();
    sources.add(new ProvideBundle.Source(mount, file));
    entries.add(entry(target, "bind", source, point.flags(), List.of("rbind")));
  }

  private static boolean isFile(Fd source) throws IOException {
    return !Files.isDirectory(Path.of("/proc/self/fd/" + source.number()));
  }

  private void add(SandboxFile file, String target) {
    String source = bundle.resolve(ProvideBundle.file(files.size())).toString();
    files.add(new OwnFile(file.content(), file.permissions(), file.uid(), file.gid()));
    Set<MountFlag> flags = EnumSet.copyOf(INERT);
    flags.add(MountFlag.READ_ONLY);
    entries.add(entry(target, "bind", source, flags, List.of("bind")));
  }

  /** An image without a usable /etc has no use for the files in it either. */
  private void addIfPossible(SandboxFile file) {
    String target;
    try {
      target = place(file.target(), true);
    } catch (IOException e) {
      return;
    }
    add(file, target);
  }

  /** Made in the root beforehand, so that the runtime leaves no mount point of its own there. */
  private String place(TreePath path, boolean file) throws IOException {
    TreePath place = path;
    for (int links = 0; points.prepare(place, file).kind() == Target.Kind.LINK; links++) {
      if (links == MAX_LINKS) {
        throw new IOException("\"" + path + "\" of the root is a symlink that leads nowhere");
      }
      place = points.behind(place); // a runtime follows it, and cannot cover it
    }
    return new String(path.bytes(), StandardCharsets.UTF_8);
  }

  private static JsonObject entry(
      String target, String type, String source, Set<MountFlag> flags, List<String> options) {
    List<String> all = new ArrayList<>(options);
    flags.forEach(flag -> all.add(flag.toString()));
    return JsonObject.builder()
        .put("destination", target)
        .put("type", type)
        .put("source", source)
        .putStrings("options", all)
        .build();
  }

  /** As the {@code mounts} array has them. */
  List<JsonValue> entries() {
    return List.copyOf(entries);
  }

  List<ProvideBundle.Source> sources() {
    return List.copyOf(sources);
  }

  List<OwnFile> files() {
    return List.copyOf(files);
  }
}

package io.jbuild.isolation.ladder;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.isolation.ladder.Finding.Topic;
import io.jbuild.linux.FilesystemStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Syscall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The store's file system, tried in a directory of its own that is removed again. */
final class StorageProbes {
  private static final long ROOM_BYTES = 1L << 30;
  private static final long ROOM_FILES = 10_000;
  private static final int LONGEST_OPTION = 255;
  private static final String DRIVER_WHY = "makes root filesystems of layers";
  private static final String OVERLAY_WHY = "steps write over their image without a copy";

  private static final Map<Long, String> KINDS =
      Map.of(
          FilesystemStat.EXT4, "ext4",
          FilesystemStat.XFS, "xfs",
          FilesystemStat.BTRFS, "btrfs",
          FilesystemStat.TMPFS, "tmpfs",
          FilesystemStat.OVERLAY, "overlay",
          FilesystemStat.NFS, "nfs");

  private final Findings findings = new Findings(Topic.STORAGE);
  private final Rights rights;
  private final Surroundings around;
  private final Mends mends;
  private boolean writable;
  private boolean overlay;
  private boolean fuse;

  private StorageProbes(Rights rights, Surroundings around, Mends mends) {
    this.rights = rights;
    this.around = around;
    this.mends = mends;
  }

  static StorageProbes look(Rights rights, Surroundings around, Mends mends) {
    StorageProbes probes = new StorageProbes(rights, around, mends);
    probes.findings.look("store", "images, layers and cache", probes::store);
    probes.fuse();
    return probes;
  }

  List<Finding> findings() {
    return findings.all();
  }

  /** Whether the store can be written to. */
  boolean writable() {
    return writable;
  }

  /** Whether the kernel's own overlay works on it. */
  boolean overlay() {
    return overlay;
  }

  /** A look that needs a directory on the store's file system, removed when it has been taken. */
  interface InScratch {
    void look(Path scratch) throws IOException;
  }

  /** Only where {@link #writable}. */
  void inScratch(InScratch look) throws IOException {
    Path scratch = Files.createTempDirectory(existing(around.store()), "doctor-");
    try {
      look.look(scratch);
    } finally {
      remove(scratch);
    }
  }

  /**
   * Which driver builds will choose.
   *
   * @param here whether this process has their rights already, and can really choose
   */
  void driver(Rung rung, boolean here) {
    findings.look("driver", DRIVER_WHY, () -> choose(rung, here));
  }

  private void choose(Rung rung, boolean here) throws IOException {
    if (rung == Rung.CHROOT) {
      findings.limited(
          "driver", "copy (a chroot needs a plain directory)", DRIVER_WHY, Optional.empty());
    } else if (here) {
      inScratch(
          scratch -> {
            Chooser.Choice choice = around.chooser().storage(scratch);
            if (choice.best()) {
              findings.ok("driver", choice.what(), DRIVER_WHY);
            } else {
              findings.limited("driver", choice.what(), DRIVER_WHY, Optional.empty());
            }
          });
    } else if (overlay) {
      findings.ok("driver", "overlay, in the user namespace of a build", DRIVER_WHY);
    } else {
      String found = fuse ? "fuse-overlayfs, in the user namespace of a build" : "copy";
      findings.limited("driver", found, DRIVER_WHY, Optional.empty());
    }
  }

  private void store() throws IOException {
    Path place = existing(around.store());
    Path scratch;
    try {
      scratch = Files.createTempDirectory(place, "doctor-");
    } catch (IOException e) {
      findings.missing(
          "store",
          around.store() + ": " + place + " cannot be written to",
          "images, layers and cache",
          Optional.of("export JBUILD_STORE=$HOME/.local/share/jbuild"));
      return;
    }
    try {
      writable = true;
      room(scratch);
      overlay(scratch);
      attributes(scratch);
      reflink(scratch);
    } finally {
      remove(scratch);
    }
  }

  /** The store, or the directory in which it will be made. */
  private static Path existing(Path store) {
    Path place = store;
    while (!Files.isDirectory(place) && place.getParent() != null) {
      place = place.getParent();
    }
    return place;
  }

  private static void remove(Path scratch) throws IOException {
    try (KernelDir parent = KernelDir.open(scratch.resolveSibling("."))) {
      parent.removeTree(Name.of(scratch.getFileName().toString()));
    }
  }

  private void room(Path scratch) throws IOException {
    FilesystemStat stat;
    try (KernelDir directory = KernelDir.open(scratch)) {
      stat = directory.filesystem();
    }
    long bytes = stat.availableBlocks() * stat.blockSize();
    String kind = KINDS.getOrDefault(stat.magic(), "0x" + Long.toHexString(stat.magic()));
    String found =
        String.format(
            java.util.Locale.ROOT,
            "%s on %s, %.1f GB free",
            around.store(),
            kind,
            bytes / (double) ROOM_BYTES);
    boolean fewFiles = stat.inodes() > 0 && stat.freeInodes() < ROOM_FILES;
    if (stat.magic() == FilesystemStat.NFS) {
      findings.limited(
          "store",
          found + ": locks and overlay need a local disk",
          "images, layers and cache",
          Optional.of("export JBUILD_STORE=/var/tmp/jbuild"));
    } else if (bytes < ROOM_BYTES || fewFiles) {
      String room = fewFiles ? ", " + stat.freeInodes() + " inodes" : "";
      findings.limited(
          "store", found + room, "images, layers and cache", Optional.of("jbuild prune"));
    } else {
      findings.ok("store", found, "images, layers and cache");
    }
  }

  private void overlay(Path scratch) throws IOException {
    for (String name : List.of("lower", "upper", "work")) {
      Files.createDirectory(scratch.resolve(name));
    }
    if (scratch.resolve("lower").toString().length() > LONGEST_OPTION) {
      findings.limited(
          "overlay", "the store's path is too long to try it", OVERLAY_WHY, Optional.empty());
      return;
    }
    Attempt attempt = Attempt.asRoot(rights, Namespace.MOUNT);
    String lower = "lowerdir=" + scratch.resolve("lower");
    String upper = "upperdir=" + scratch.resolve("upper");
    String work = "workdir=" + scratch.resolve("work");
    boolean user = !rights.administers() || !rights.initial();
    ResultOf mount =
        user
            ? attempt.mount("overlay", lower, upper, work, "userxattr")
            : attempt.mount("overlay", lower, upper, work);
    attempt.call("write to overlay", Syscall.MKDIRAT, mount, text("made"), number(0700));
    Optional<Refusal> refusal = attempt.run();
    overlay = refusal.isEmpty();
    if (overlay) {
      findings.ok("overlay", user ? "native, with userxattr" : "native", OVERLAY_WHY);
    } else {
      findings.limited(
          "overlay",
          refusal.get().toString(),
          OVERLAY_WHY,
          refusal.get().itsOwn() ? mends.install("fuse-overlayfs") : Optional.empty());
    }
  }

  private void attributes(Path scratch) throws IOException {
    boolean root = rights.administers() && rights.initial();
    String name = root ? "trusted.jbuild" : "user.jbuild";
    String why = "overlay's marks, and capabilities of files";
    try (KernelDir directory = KernelDir.open(scratch)) {
      directory.setXattr(name, new byte[] {1});
      findings.ok("attributes", root ? "trusted.*" : "user.*", why);
    } catch (IOException e) {
      findings.limited("attributes", String.valueOf(e.getMessage()), why, Optional.empty());
    }
  }

  private void reflink(Path scratch) throws IOException {
    Files.write(scratch.resolve("source"), new byte[] {1});
    try (KernelDir directory = KernelDir.open(scratch);
        InputFile source = directory.read(Name.of("source"));
        OutputFile target = directory.create(Name.of("target"), 0600)) {
      boolean shares = target.cloneFrom(source);
      findings.ok("reflink", shares ? "works" : "not on this file system", "copies without bytes");
    }
  }

  private void fuse() {
    String why = "overlay where the kernel's own does not work";
    Optional<Path> program = around.program("fuse-overlayfs");
    Path device = Path.of("/dev/fuse");
    boolean open = Files.isReadable(device) && Files.isWritable(device);
    fuse = program.isPresent() && open;
    if (fuse) {
      findings.ok("fuse-overlayfs", program.orElseThrow().toString(), why);
    } else if (overlay) {
      findings.ok("fuse-overlayfs", "not here, and not needed", why);
    } else if (program.isEmpty()) {
      findings.limited("fuse-overlayfs", "not in PATH", why, mends.install("fuse-overlayfs"));
    } else {
      String found = device + " cannot be opened";
      findings.limited("fuse-overlayfs", found, why, Optional.of("modprobe fuse"));
    }
  }
}

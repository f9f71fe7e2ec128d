package io.jbuild.isolation;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import io.jbuild.linux.mount.Tmpfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts into a root, for a time, what a spec mounts. */
final class ChrootPlaces {
  private static final Map<String, DeviceNumber> DEVICES =
      new TreeMap<>(
          Map.of(
              "null", new DeviceNumber(1, 3),
              "zero", new DeviceNumber(1, 5),
              "full", new DeviceNumber(1, 7),
              "random", new DeviceNumber(1, 8),
              "urandom", new DeviceNumber(1, 9),
              "tty", new DeviceNumber(5, 0)));

  private final SandboxSpec spec;
  private final CoveredPlaces places;

  ChrootPlaces(SandboxSpec spec, CoveredPlaces places) {
    this.spec = spec;
    this.places = places;
  }

  void fill() throws IOException {
    places.directory(TreePath.parse("/proc"), 0555).close();
    places.directory(TreePath.parse("/sys"), 0555).close();
    try (KernelDir dev = places.directory(TreePath.parse("/dev"), 0755)) {
      fillDev(dev);
    }
    List<MountPoint> ordered = new ArrayList<>(spec.mounts());
    ordered.sort(Comparator.comparing(MountPoint::target));
    for (MountPoint mount : ordered) {
      place(mount);
    }
    for (SandboxFile file : spec.files()) {
      places.file(file);
    }
    for (SandboxFile file : NameFiles.ofHost(spec)) {
      placeIfPossible(file);
    }
  }

  /** Links into /proc lead nowhere, and are there so that nobody writes a file of their name. */
  private static void fillDev(KernelDir dev) throws IOException {
    for (Map.Entry<String, DeviceNumber> device : DEVICES.entrySet()) {
      Name name = Name.of(device.getKey());
      if (CoveredPlaces.device(dev, name, 0666, device.getValue())) {
        dev.setPermissions(name, 0666);
      } else if (device.getKey().equals("null")) {
        dev.create(name, 0666).close();
        dev.setPermissions(name, 0666);
      }
    }
    dev.makeDir(Name.of("shm"), 01777).close();
    dev.setPermissions(Name.of("shm"), 01777);
    link(dev, "fd", "/proc/self/fd");
    link(dev, "stdin", "/proc/self/fd/0");
    link(dev, "stdout", "/proc/self/fd/1");
    link(dev, "stderr", "/proc/self/fd/2");
  }

  private static void link(KernelDir dev, String name, String target) throws IOException {
    dev.symlink(Name.of(name), target.getBytes(StandardCharsets.US_ASCII));
  }

  private void place(MountPoint point) throws IOException {
    if (point.mount() instanceof Bind bind) {
      Fd source = bind.source();
      if (point.flags().contains(MountFlag.READ_ONLY)) {
        places.copy(source, point.target());
      } else {
        places.move(source, point.target());
      }
    } else if (point.mount() instanceof Tmpfs tmpfs && tmpfs.bytes().isEmpty()) {
      try (KernelDir made = places.directory(point.target(), tmpfs.mode())) {
        made.setPermissions(tmpfs.mode());
      }
    } else if (point.mount() instanceof Tmpfs) {
      throw new IOException(
          "a chroot cannot limit the size of a tmpfs: leave the size of "
              + point.target()
              + " out");
    } else {
      throw new IOException("a chroot cannot have a mount on " + point.target());
    }
  }

  /** An image without a usable /etc has no use for the files in it either. */
  private void placeIfPossible(SandboxFile file) {
    try {
      places.file(file);
    } catch (IOException e) {
      return;
    }
  }
}

package io.jbuild.isolation;

import io.jbuild.linux.FileType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The devices that a sandbox without walls has besides its own: the kernel's log, files and block
 * devices made by programs, tunnels, virtual machines. The same as BuildKit gives to {@code
 * --security=insecure}. All are allowed by its control group; whoever may make nodes makes others.
 */
final class MachineDevices {
  private static final Path BLOCK_DEVICES = Path.of("/sys/block");
  private static final int LOOP = 7;

  /** How many loop devices are there beyond those of the machine, for losetup to make more. */
  private static final int LOOPS_TO_COME = 8;

  private static final List<DeviceNode> FIXED =
      List.of(
          DeviceNode.open("/dev/kmsg", FileType.CHARACTER_DEVICE, 1, 11),
          DeviceNode.open("/dev/cuse", FileType.CHARACTER_DEVICE, 10, 203),
          DeviceNode.open("/dev/fuse", FileType.CHARACTER_DEVICE, 10, 229),
          DeviceNode.open("/dev/kvm", FileType.CHARACTER_DEVICE, 10, 232),
          DeviceNode.open("/dev/net/tun", FileType.CHARACTER_DEVICE, 10, 200),
          DeviceNode.open("/dev/loop-control", FileType.CHARACTER_DEVICE, 10, 237));

  private MachineDevices() {}

  /** Those of the spec, and these where the spec is without walls. */
  static List<DeviceNode> with(SandboxSpec spec) throws IOException {
    if (!spec.walls().anyDevice() || spec.userNamespace().isPresent()) {
      return spec.devices();
    }
    List<DeviceNode> all = new ArrayList<>(spec.devices());
    List<DeviceNode> ours = new ArrayList<>(FIXED);
    for (int i = 0; i < loops(); i++) {
      ours.add(DeviceNode.open("/dev/loop" + i, FileType.BLOCK_DEVICE, LOOP, i));
    }
    for (DeviceNode node : ours) {
      if (spec.devices().stream().noneMatch(given -> given.path().equals(node.path()))) {
        all.add(node);
      }
    }
    return all;
  }

  private static int loops() throws IOException {
    int highest = -1;
    if (Files.isDirectory(BLOCK_DEVICES)) {
      try (DirectoryStream<Path> loops = Files.newDirectoryStream(BLOCK_DEVICES, "loop[0-9]*")) {
        for (Path loop : loops) {
          String number = loop.getFileName().toString().substring("loop".length());
          highest = Math.max(highest, number.length() > 4 ? -1 : Integer.parseInt(number));
        }
      }
    }
    return highest + 1 + LOOPS_TO_COME;
  }
}

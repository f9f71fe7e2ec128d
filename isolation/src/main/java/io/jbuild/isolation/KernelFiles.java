package io.jbuild.isolation;

import io.jbuild.isolation.plan.CoverKernelFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of /proc and /sys that a sandbox must not see or change, as far as this kernel has
 * them.
 */
final class KernelFiles {
  private static final List<String> MASKED =
      List.of(
          "proc/acpi",
          "proc/asound",
          "proc/interrupts",
          "proc/kcore",
          "proc/keys",
          "proc/latency_stats",
          "proc/sched_debug",
          "proc/scsi",
          "proc/timer_list",
          "proc/timer_stats",
          "sys/devices/virtual/powercap",
          "sys/firmware",
          "sys/fs/selinux");

  private static final List<String> READ_ONLY =
      List.of("proc/bus", "proc/fs", "proc/irq", "proc/sys", "proc/sysrq-trigger");

  private static final Path ROOT = Path.of("/");

  private KernelFiles() {}

  /**
   * @param sysIsHosts whether /sys comes with what the host has mounted in it, which is covered
   */
  static CoverKernelFiles find(boolean sysIsHosts, KernelPaths paths) throws IOException {
    Set<String> masked = new LinkedHashSet<>(MASKED);
    if (sysIsHosts) {
      masked.addAll(mountedBelowSys());
    }
    masked.addAll(thermalThrottle());
    masked.removeIf(path -> paths.leaves("/" + path));
    paths.masked().forEach(path -> masked.add(path.substring(1)));
    masked.removeIf(path -> !Files.exists(ROOT.resolve(path)));
    return new CoverKernelFiles(
        masked.stream().filter(path -> !Files.isDirectory(ROOT.resolve(path))).toList(),
        masked.stream().filter(path -> Files.isDirectory(ROOT.resolve(path))).toList(),
        READ_ONLY.stream()
            .filter(path -> !paths.leaves("/" + path) && Files.exists(ROOT.resolve(path)))
            .toList());
  }

  /** Those that lie in no other of them, each once. */
  private static List<String> mountedBelowSys() throws IOException {
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String place = line.split(" ", 6)[4];
      if (place.startsWith("/sys/") && found.stream().noneMatch(each -> isIn(place, each))) {
        found.removeIf(each -> isIn("/" + each, place.substring(1)));
        found.add(place.substring(1));
      }
    }
    return found;
  }

  private static boolean isIn(String place, String directory) {
    return (place + "/").startsWith("/" + directory + "/");
  }

  private static List<String> thermalThrottle() throws IOException {
    Path cpus = Path.of("/sys/devices/system/cpu");
    List<String> found = new ArrayList<>();
    if (Files.isDirectory(cpus)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
        entries.forEach(cpu -> found.add(ROOT.relativize(cpu) + "/thermal_throttle"));
      }
    }
    return found;
  }
}

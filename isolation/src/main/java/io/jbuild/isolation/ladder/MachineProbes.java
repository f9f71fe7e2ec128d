package io.jbuild.isolation.ladder;

import io.jbuild.isolation.ladder.Finding.Topic;
import io.jbuild.linux.Self;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The kernel's release, Java, limits of this process, and handlers for foreign programs. */
final class MachineProbes {
  private static final int OLDEST_MAJOR = 5;
  private static final int OLDEST_MINOR = 12;
  private static final int LEAST_JAVA = 17;
  private static final long FEW_FILES = 1024;
  private static final Path HANDLERS = Path.of("/proc/sys/fs/binfmt_misc");

  private final Findings findings = new Findings(Topic.MACHINE);
  private final Mends mends;

  private MachineProbes(Mends mends) {
    this.mends = mends;
  }

  static List<Finding> look(Mends mends) {
    MachineProbes probes = new MachineProbes(mends);
    probes.findings.look("kernel", "mounts by descriptor need 5.12", probes::kernel);
    probes.java();
    probes.findings.look("proc", "namespaces and ids are read there", probes::proc);
    probes.findings.look("open files", "layers and steps hold many", probes::openFiles);
    probes.findings.look("foreign programs", "RUN for other processors", probes::handlers);
    return probes.findings.all();
  }

  private void kernel() throws IOException {
    String release = System.getProperty("os.version", "unknown");
    String found = release + " " + System.getProperty("os.arch", "");
    if (Self.kernelIsAtLeast(OLDEST_MAJOR, OLDEST_MINOR)) {
      findings.ok("kernel", found, "5.12 is the oldest that works");
    } else {
      findings.missing("kernel", found, "5.12 is the oldest that works", Optional.empty());
    }
  }

  private void java() {
    String version = System.getProperty("java.runtime.version", "unknown");
    if (Runtime.version().feature() < LEAST_JAVA) {
      findings.missing(
          "java", version, "17 is the oldest that works", mends.install("openjdk-17-jdk-headless"));
    } else if (ModuleLayer.boot().findModule("java.net.http").isEmpty()) {
      findings.limited("java", version + " without java.net.http", "registries", Optional.empty());
    } else {
      findings.ok("java", version, "17 is the oldest that works");
    }
  }

  private void proc() {
    if (Files.exists(Path.of("/proc/self/status"))) {
      findings.ok("proc", "mounted", "namespaces and ids are read there");
    } else {
      findings.missing(
          "proc",
          "not mounted on /proc",
          "namespaces and ids are read there",
          Optional.of("mount -t proc proc /proc"));
    }
  }

  private void openFiles() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        String[] words = line.substring("Max open files".length()).strip().split("\\s+", -1);
        boolean few = !words[1].equals("unlimited") && Long.parseLong(words[1]) < FEW_FILES;
        String found = words[1] + " at most";
        if (few) {
          String mend = "prlimit --pid $$ --nofile=65536:65536";
          findings.limited("open files", found, "layers and steps hold many", Optional.of(mend));
        } else {
          findings.ok("open files", found, "layers and steps hold many");
        }
      }
    }
  }

  private void handlers() throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(HANDLERS)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(HANDLERS, "qemu-*")) {
        entries.forEach(each -> names.add(each.getFileName().toString().substring(5)));
      }
    }
    Collections.sort(names);
    if (names.isEmpty()) {
      findings.limited(
          "foreign programs",
          "no handlers in " + HANDLERS,
          "RUN for other processors",
          mends.installInterpreters());
    } else {
      findings.ok("foreign programs", String.join(", ", names), "RUN for other processors");
    }
  }
}

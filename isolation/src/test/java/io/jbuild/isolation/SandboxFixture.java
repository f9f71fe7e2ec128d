package io.jbuild.isolation;

import io.jbuild.linux.Fd;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A root file system and a core for each test. */
abstract class SandboxFixture {
  @TempDir Path work;
  Rootfs rootfs;
  IsolationCore core;

  @BeforeEach
  void open() throws IOException {
    rootfs = Rootfs.make(work);
    core = IsolationCore.open(work.resolve("run"));
  }

  @AfterEach
  void close() throws IOException {
    if (core != null) {
      core.close();
    }
  }

  SandboxSpec spec(String script) throws IOException {
    return SandboxSpec.of(rootfs.overlay(), Run.shell(script));
  }

  Run run(SandboxSpec spec) throws IOException, InterruptedException {
    return Run.of(core, spec);
  }

  Run run(String script) throws IOException, InterruptedException {
    return run(spec(script));
  }

  /** A mount of a host path; the descriptor stays open for the test's short life. */
  static MountPoint bind(Path source, String target, Set<MountFlag> flags) throws IOException {
    try (KernelDir parent = KernelDir.open(source.resolveSibling(""))) {
      Fd fd = parent.resolvePath(TreePath.parse(source.getFileName().toString()));
      return new MountPoint(new Bind(fd, false), TreePath.parse(target), flags);
    }
  }

  /** The names below the upper directory that the last run left, sorted. */
  List<String> leftInUpper() throws IOException {
    try (var files = Files.walk(rootfs.upper())) {
      return files
          .filter(file -> !file.equals(rootfs.upper()))
          .map(file -> rootfs.upper().relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}

package io.jbuild.isolation.ladder;

import io.jbuild.isolation.Command;
import io.jbuild.isolation.CommandException;
import io.jbuild.isolation.IsolationCore;
import io.jbuild.isolation.Mechanism;
import io.jbuild.isolation.Network;
import io.jbuild.isolation.SandboxSpec;
import io.jbuild.isolation.Stdio;
import io.jbuild.isolation.User;
import io.jbuild.isolation.ladder.Finding.Topic;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The sandbox of the chroot rung, made in an empty root: when all of its walls are up, there is no
 * program to execute.
 */
final class ChrootProbe {
  private static final String WHY = "steps where there are no namespaces";

  private final Findings findings = new Findings(Topic.NAMESPACES);
  private boolean works;

  private ChrootProbe() {}

  /**
   * @param scratch an empty directory where the store will be
   */
  static ChrootProbe look(Path scratch) {
    ChrootProbe probe = new ChrootProbe();
    probe.findings.look("chroot", WHY, () -> probe.start(scratch));
    return probe;
  }

  List<Finding> findings() {
    return findings.all();
  }

  boolean works() {
    return works;
  }

  private void start(Path scratch) throws IOException {
    Path root = Files.createDirectory(scratch.resolve("root"));
    Command nothing =
        new Command(List.of("/nothing"), List.of(), TreePath.parse("/"), new User(0, 0, List.of()));
    try (IsolationCore core = IsolationCore.open(scratch.resolve("run"), Mechanism.chroot());
        KernelDir opened = KernelDir.open(root)) {
      SandboxSpec spec =
          SandboxSpec.of(new Bind(opened.fd(), false), nothing).withNetwork(Network.HOST);
      core.start(spec, Stdio.inherited()).close();
    } catch (CommandException e) {
      works = e.isMissing();
    }
    if (works) {
      findings.ok("chroot", "works", WHY);
    }
  }
}

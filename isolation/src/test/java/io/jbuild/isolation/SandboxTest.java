package io.jbuild.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
  @TempDir Path work;
  Rootfs rootfs;
  IsolationCore core;

  @BeforeEach
  void open() throws Exception {
    rootfs = Rootfs.make(work);
    core = IsolationCore.open(work.resolve("run"));
  }

  @AfterEach
  void close() throws Exception {
    core.close();
  }

  @Test
  void start_shell_isProcessOne() throws Exception {
    Run run =
        Run.of(
            core,
            SandboxSpec.of(
                rootfs.overlay(),
                Run.shell(
                    "echo $$; ls -la / /dev /proc/self/fd /etc; cat /proc/self/mountinfo; id; cat /proc/self/status; hostname; ip a; cat /etc/hosts; ls /sys/fs/cgroup; cat /proc/self/cgroup; umask; ulimit -a")));
    assertEquals(0, run.status().code());
  }
}

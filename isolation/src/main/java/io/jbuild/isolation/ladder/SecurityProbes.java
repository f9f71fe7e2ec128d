package io.jbuild.isolation.ladder;

import io.jbuild.isolation.ladder.Finding.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the kernel has beside namespaces, and what is over this process already. */
final class SecurityProbes {
  private final Findings findings = new Findings(Topic.SECURITY);
  private final Rights rights;

  private SecurityProbes(Rights rights) {
    this.rights = rights;
  }

  static List<Finding> look(Rights rights) {
    SecurityProbes probes = new SecurityProbes(rights);
    probes.findings.look("apparmor", "one more wall of a step", probes::apparmor);
    probes.findings.look("selinux", "one more wall of a step", probes::selinux);
    probes.filter();
    probes.container();
    return probes.findings.all();
  }

  private void apparmor() {
    String why = "one more wall of a step";
    boolean on =
        Surroundings.text(Path.of("/sys/module/apparmor/parameters/enabled"))
            .equals(Optional.of("Y"));
    String label =
        Surroundings.text(Path.of("/proc/self/attr/apparmor/current")).orElse("unconfined");
    findings.ok("apparmor", on ? "on, this process is " + label : "not in this kernel", why);
  }

  private void selinux() {
    Optional<String> enforce = Surroundings.text(Path.of("/sys/fs/selinux/enforce"));
    String found =
        enforce
            .map(value -> value.equals("1") ? "enforcing" : "permissive")
            .orElse("not in this kernel");
    findings.ok("selinux", found, "one more wall of a step");
  }

  private void filter() {
    String why = "a container's filter may refuse what sandboxes need";
    findings.ok("seccomp here", rights.filtered() ? "a filter is over jbuild" : "none", why);
  }

  private void container() {
    boolean here =
        Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"));
    findings.ok("container", here ? "jbuild runs in one" : "none", "what can be had is less there");
  }
}

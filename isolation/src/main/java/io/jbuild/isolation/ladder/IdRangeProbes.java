package io.jbuild.isolation.ladder;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.isolation.ladder.Finding.Topic;
import io.jbuild.linux.FdStreams;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.Pipe;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Spawn;
import io.jbuild.linux.spawn.SpawnException;
import io.jbuild.linux.spawn.Syscall;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who this is, and whether more than one id can be had in a user namespace. */
final class IdRangeProbes {
  private static final int SETUID = 04000;
  private static final long FIRST_FREE = 100_000;
  private static final long RANGE = 65_536;
  private static final String WHY = "users inside a step, as apt and most images want";

  private final Findings findings = new Findings(Topic.RIGHTS);
  private final Rights rights;
  private final Surroundings around;
  private final Mends mends;
  private final String user;
  private boolean work;

  private IdRangeProbes(Rights rights, Surroundings around, Mends mends) {
    this.rights = rights;
    this.around = around;
    this.mends = mends;
    this.user = Surroundings.userName(around.etc(), rights.uidOutside());
  }

  static IdRangeProbes look(Rights rights, Surroundings around, Mends mends) {
    IdRangeProbes probes = new IdRangeProbes(rights, around, mends);
    probes.findings.look("user", "who the store belongs to", probes::user);
    probes.findings.look("ids", WHY, probes::ids);
    return probes;
  }

  List<Finding> findings() {
    return findings.all();
  }

  /** Whether several users can exist in a sandbox. */
  boolean work() {
    return work;
  }

  private void user() {
    String where = rights.initial() ? "" : ", in a user namespace";
    String found = user + " (" + rights.uidOutside() + ")" + where;
    if (rights.administers() && rights.initial()) {
      findings.ok("user", found + " with CAP_SYS_ADMIN", "all walls, and all ids");
    } else if (rights.uid() == 0 && rights.initial()) {
      findings.limited(
          "user",
          found + " without CAP_SYS_ADMIN",
          "root in a container may make no namespaces",
          Optional.of("podman run --cap-add SYS_ADMIN --security-opt seccomp=unconfined …"));
    } else {
      findings.ok("user", found, "builds are rootless");
    }
    if (rights.noNewPrivileges() && rights.uid() != 0) {
      findings.limited(
          "no_new_privs",
          "set: newuidmap has no effect",
          WHY,
          Optional.of("podman run --security-opt no-new-privileges=false …"));
    }
  }

  private void ids() throws IOException {
    if (rights.administers()) {
      long count = rights.ids().map(Rung::idsOf).orElse(1L);
      work = count > 1;
      if (work) {
        findings.ok("ids", count + " ids", WHY);
        return;
      }
    }
    Optional<Path> mapper = around.program("newuidmap");
    Optional<Path> groupMapper = around.program("newgidmap");
    Optional<SubIds> uids = SubIds.find(around.etc().resolve("subuid"), user, rights.uidOutside());
    Optional<SubIds> gids = SubIds.find(around.etc().resolve("subgid"), user, rights.uidOutside());
    boolean programs = mappers(mapper, groupMapper);
    boolean ranges = ranges(uids, gids);
    if (programs && ranges && rights.initial() && rights.uid() != 0) {
      work = tryMapper(mapper.orElseThrow(), uids.orElseThrow());
    } else if (!work) {
      findings.limited("ids", "1 id", WHY, Optional.empty());
    }
  }

  private boolean mappers(Optional<Path> users, Optional<Path> groups) throws IOException {
    if (users.isEmpty() || groups.isEmpty()) {
      String name = users.isEmpty() ? "newuidmap" : "newgidmap";
      findings.missing(name, "not in PATH", "maps ranges of ids", mends.installIdMappers());
      return false;
    }
    for (Path program : List.of(users.get(), groups.get())) {
      if (!hasPrivilege(program)) {
        findings.missing(
            program.getFileName().toString(),
            program + " has neither the setuid bit nor file capabilities",
            "maps ranges of ids",
            Optional.of("chmod u+s " + program));
        return false;
      }
    }
    findings.ok("newuidmap", users.get().toString(), "maps ranges of ids");
    return true;
  }

  private static boolean hasPrivilege(Path program) throws IOException {
    Path real = program.toRealPath();
    if (((Integer) Files.getAttribute(real, "unix:mode") & SETUID) != 0) {
      return true;
    }
    try (KernelDir directory = KernelDir.open(real.resolveSibling("."))) {
      Name name = Name.of(real.getFileName().toString());
      return directory.xattrs(name).containsKey("security.capability");
    }
  }

  private boolean ranges(Optional<SubIds> uids, Optional<SubIds> gids) throws IOException {
    if (uids.isPresent() && gids.isPresent()) {
      findings.ok("sub-ids", uids.get() + " of users, " + gids.get() + " of groups", WHY);
      return true;
    }
    long first =
        Math.max(
            SubIds.firstFree(around.etc().resolve("subuid"), FIRST_FREE),
            SubIds.firstFree(around.etc().resolve("subgid"), FIRST_FREE));
    String range = first + "-" + (first + RANGE - 1);
    findings.missing(
        "sub-ids",
        "none for " + user + " in " + around.etc().resolve(uids.isEmpty() ? "subuid" : "subgid"),
        WHY,
        Optional.of("usermod --add-subuids " + range + " --add-subgids " + range + " " + user));
    return false;
  }

  /** Has the program map a child's ids, as the start of a build does. */
  private boolean tryMapper(Path mapper, SubIds range) throws IOException {
    try (Pipe ready = Pipe.open();
        Pipe go = Pipe.open()) {
      Attempt child = Attempt.in(Namespace.USER);
      Buffer one = new Buffer(new byte[] {1});
      child.call("say ready", Syscall.WRITE, number(ready.writeEnd().number()), one, number(1));
      child.call("close", Syscall.CLOSE, number(go.writeEnd().number()));
      child.call("wait", Syscall.READ, number(go.readEnd().number()), one, number(1));
      try (Spawn spawn = child.prepare()) {
        Thread life = new Thread(() -> run(spawn, ready), "id-ranges");
        life.start();
        try {
          if (FdStreams.input(ready.readEnd()).read() < 0) {
            findings.missing("ids", "no user namespace to map them in", WHY, Optional.empty());
            return false;
          }
          return map(mapper, spawn.pid(), range);
        } finally {
          OutputStream toChild = FdStreams.output(go.writeEnd());
          toChild.write(1);
          join(life);
        }
      }
    }
  }

  /** The end of the pipe that the child had is then closed, and nobody waits for it. */
  private static void run(Spawn spawn, Pipe ready) {
    try {
      spawn.attempt();
    } catch (SpawnException e) {
      // the user namespace is a finding of its own
    } finally {
      ready.writeEnd().close();
    }
  }

  private static void join(Thread life) {
    try {
      life.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean map(Path mapper, int pid, SubIds range) throws IOException {
    Process process =
        new ProcessBuilder(
                mapper.toString(),
                Integer.toString(pid),
                "0",
                Long.toString(rights.uid()),
                "1",
                "1",
                Long.toString(range.first()),
                Long.toString(range.count()))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() == 0) {
        findings.ok("ids", (range.count() + 1) + " ids", WHY);
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    findings.missing("ids", mapper + ": " + said, WHY, Optional.empty());
    return false;
  }
}

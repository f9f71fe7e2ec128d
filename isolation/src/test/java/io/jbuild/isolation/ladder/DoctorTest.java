package io.jbuild.isolation.ladder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.isolation.seccomp.Refusals;
import io.jbuild.linux.Self;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Child;
import io.jbuild.linux.spawn.Program;
import io.jbuild.linux.spawn.Spawn;
import io.jbuild.linux.spawn.Syscall;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Doctor in processes that lack something for real: rights, namespaces, programs, system calls. */
class DoctorTest {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final List<String> NO_RIGHTS =
      List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");
  private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");

  @TempDir Path work;

  @BeforeAll
  static void requireRoot() {
    assumeTrue(Self.isRoot(), "only root can take rights away from a process: skipped");
  }

  @Test
  void examine_root_standsOnTheFirstRung() throws Exception {
    Told told = examine(List.of(), PATH, Path.of("/etc"));
    assertEquals("full-root", told.of("rung"));
    assertEquals("true", told.of("builds"));
    for (String what : List.of("mount", "pid", "openat2", "tmpfs", "proc", "sysfs", "seccomp")) {
      assertEquals("ok", told.of(what), what);
    }
    try (var left = Files.list(work)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void examine_rootWithoutRights_hasNoNamespacesAndSaysWhichRightIsMissing() throws Exception {
    Told told = examine(NO_RIGHTS, PATH, Path.of("/etc"));
    assertEquals("none", told.of("rung"));
    assertEquals("false", told.of("builds"));
    assertTrue(told.line("user").contains("without CAP_SYS_ADMIN"), told.line("user"));
    assertTrue(told.lines("user").get(1).contains("CAP_SETFCAP"), told.lines("user").toString());
    assertTrue(told.line("mount").contains("needs a user namespace"), told.line("mount"));
  }

  @Test
  void examine_noMoreUserNamespaces_namesTheSysctl() throws Exception {
    List<String> none = new ArrayList<>(List.of("unshare", "-Ur", "sh", "-c"));
    none.add(
        "echo 0 >/proc/sys/user/max_user_namespaces;"
            + " exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"");
    none.add("-");
    Told told = examine(none, PATH, Path.of("/etc"));
    assertEquals("none", told.of("rung"));
    assertTrue(
        told.line("rung").endsWith("sysctl -w user.max_user_namespaces=28633"), told.line("rung"));
  }

  @Test
  void examine_userNamespaceOfOneId_standsOnTheThirdRung() throws Exception {
    Told told = examine(List.of("unshare", "-Ur"), PATH, etc("", "ID=debian"));
    assertEquals("single-id", told.of("rung"));
    assertEquals("true", told.of("builds"));
    assertTrue(told.line("sub-ids").contains("usermod --add-subuids 100000-165535"), "" + told);
    assertTrue(told.line("overlay").contains("userxattr"), told.line("overlay"));
  }

  @Test
  void examine_pathWithoutNewuidmap_namesThePackageOfTheDistribution() throws Exception {
    Path bin = Files.createDirectory(work.resolve("bin"));
    Told debian = examine(List.of("unshare", "-Ur"), bin.toString(), etc("", "ID=ubuntu"));
    assertTrue(debian.line("newuidmap").endsWith("|apt-get install uidmap"), "" + debian);
    Told fedora =
        examine(
            List.of("unshare", "-Ur"), bin.toString(), etc("", "ID=x\nID_LIKE=\"rhel fedora\""));
    assertTrue(fedora.line("newuidmap").endsWith("|dnf install shadow-utils"), "" + fedora);
  }

  @Test
  void examine_newuidmapWithoutItsBit_namesTheCommandThatSetsIt() throws Exception {
    Path bin = Files.createDirectory(work.resolve("bin"));
    for (String name : List.of("newuidmap", "newgidmap")) {
      Files.copy(Path.of("/bin/true"), bin.resolve(name));
    }
    Told told =
        examine(List.of("unshare", "-Ur"), bin.toString(), etc("root:500000:65536", "ID=debian"));
    assertTrue(
        told.line("newuidmap").endsWith("|chmod u+s " + bin.resolve("newuidmap")), "" + told);
  }

  @Test
  void examine_rangesOfAnotherUser_asksForFreeOnes() throws Exception {
    Told told =
        examine(List.of("unshare", "-Ur"), PATH, etc("other:100000:65536\nbad line", "ID=arch"));
    assertTrue(told.line("sub-ids").contains("--add-subuids 165536-231071"), "" + told);
  }

  @Test
  void examine_filterThatRefusesCalls_namesThemAndStaysAlive() throws Exception {
    Map<Integer, Integer> refused = new TreeMap<>();
    boolean x86 = System.getProperty("os.arch", "").matches("amd64|x86_64");
    refused.put(435, ENOSYS); // clone3
    refused.put(437, ENOSYS); // openat2
    refused.put(430, EPERM); // fsopen
    refused.put(x86 ? 272 : 97, EPERM); // unshare
    Path out = work.resolve("out");
    runFiltered(Refusals.of(new TreeMap<>(refused)), out, command(PATH, Path.of("/etc"), store()));
    Told told = Told.parse(Files.readString(out));
    assertEquals("missing", told.of("openat2"), "" + told);
    assertTrue(told.line("tmpfs").contains("EPERM"), told.line("tmpfs"));
    assertEquals("missing", told.of("time"), "" + told);
    assertEquals("limited", told.of("clone3"), "" + told);
    assertEquals("false", told.of("builds"));
  }

  @Test
  void examine_storeOnTmpfs_saysSo() throws Exception {
    List<String> tmpfs = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
    tmpfs.add("mount -t tmpfs -o size=16m none " + store() + " && exec \"$@\"");
    tmpfs.add("-");
    Told told = examine(tmpfs, PATH, Path.of("/etc"));
    assertTrue(told.line("store").contains("on tmpfs"), told.line("store"));
    assertTrue(told.line("store").contains("limited"), told.line("store"));
    assertEquals("ok", told.of("overlay"), told.line("overlay"));
  }

  @Test
  void examine_storeOnOverlay_needsAnotherDriver() throws Exception {
    for (String name : List.of("lower", "upper", "work")) {
      Files.createDirectories(work.resolve(name));
    }
    List<String> overlay = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
    overlay.add(
        String.format(
            "mount -t overlay -o lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work none %2$s"
                + " && exec \"$@\"",
            work, store()));
    overlay.add("-");
    Told told = examine(overlay, PATH, Path.of("/etc"));
    assertTrue(told.line("store").contains("on overlay"), told.line("store"));
    assertEquals("limited", told.of("overlay"), told.line("overlay"));
  }

  @Test
  void examine_storeThatCannotBeWritten_failsAndNamesAnother() throws Exception {
    List<String> readOnly = new ArrayList<>(List.of("unshare", "-m", "sh", "-c"));
    readOnly.add("mount -t tmpfs -o ro none " + store() + " && exec \"$@\"");
    readOnly.add("-");
    Told told = examine(readOnly, PATH, Path.of("/etc"));
    assertEquals("missing", told.of("store"), told.line("store"));
    assertEquals("false", told.of("builds"));
  }

  @Test
  void examine_noNewPrivileges_saysThatNewuidmapHasNoEffect() throws Exception {
    assumeTrue(
        Path.of(System.getProperty("java.home")).startsWith("/usr"),
        "another user cannot run this Java: skipped");
    Path programs = readableClassPath();
    List<String> words =
        new ArrayList<>(
            List.of(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"));
    words.addAll(command(PATH, Path.of("/etc"), Path.of("/var/tmp")));
    words.set(words.indexOf("-cp") + 1, programs + "/*:" + programs + "/classes");
    Told told = run(words);
    assertFalse(told.lines("no_new_privs").isEmpty(), "" + told);
  }

  /** Copies what this runs from to where every user can read it. */
  private Path readableClassPath() throws Exception {
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path programs = Files.createDirectory(work.resolve("programs"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      boolean directory = !entry.isEmpty() && Files.isDirectory(from);
      if (directory || entry.matches(".*(jnr|jffi|asm|isolation|linux|oci).*[.]jar")) {
        Path to = programs.resolve(directory ? "classes" : from.getFileName().toString());
        Process copy =
            new ProcessBuilder("cp", "-rT", from.toString(), to.toString()).inheritIO().start();
        assertEquals(0, copy.waitFor());
      }
    }
    return programs;
  }

  private Path store() throws IOException {
    return Files.createDirectories(work.resolve("store"));
  }

  private Path etc(String subIds, String release) throws IOException {
    Path etc = Files.createTempDirectory(work, "etc");
    Files.writeString(etc.resolve("subuid"), subIds + "\n");
    Files.writeString(etc.resolve("subgid"), subIds + "\n");
    Files.writeString(etc.resolve("os-release"), release + "\n");
    Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    return etc;
  }

  private static List<String> command(String path, Path etc, Path store) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        PrintExamination.class.getName(),
        store.toString(),
        path,
        etc.toString());
  }

  private Told examine(List<String> prefix, String path, Path etc) throws Exception {
    List<String> words = new ArrayList<>(prefix);
    Path store = prefix.isEmpty() ? work : store();
    words.addAll(command(path, etc, store));
    return run(words);
  }

  private static Told run(List<String> words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), text);
    return Told.parse(text);
  }

  private static void runFiltered(byte[] filter, Path out, List<String> words) throws Exception {
    Program.Builder program = Program.builder();
    Argument file =
        program.call(
            "open",
            Syscall.OPENAT,
            Argument.number(-100),
            Argument.text(out.toString()),
            Argument.number(0101),
            Argument.number(0600));
    program.call("dup", Syscall.DUP3, file, Argument.number(1), Argument.number(0));
    ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    header.putShort((short) (filter.length / 8));
    program.call(
        "prctl",
        Syscall.PRCTL,
        Argument.number(38),
        Argument.number(1),
        Argument.number(0),
        Argument.number(0),
        Argument.number(0));
    program.call(
        "seccomp",
        Syscall.SECCOMP,
        Argument.number(1),
        Argument.number(0),
        new Argument.Pointing(new Buffer(header.array()), 8, new Buffer(filter)));
    List<byte[]> argv = words.stream().map(word -> word.getBytes(UTF_8)).toList();
    List<byte[]> environment = List.of(("PATH=" + PATH).getBytes(UTF_8));
    try (Spawn spawn =
        Spawn.prepare(
            program.exec(List.of(argv.get(0)), argv, environment), Set.of(), OptionalInt.empty())) {
      Child child = spawn.run();
      try (var process = io.jbuild.linux.PidFd.owning(io.jbuild.linux.Fd.owning(child.pidfd()))) {
        assertEquals(0, process.waitFor().status());
      }
    }
  }

  /** What a doctor printed. */
  private record Told(List<String> all) {
    static Told parse(String text) {
      return new Told(Arrays.asList(text.split("\n", -1)));
    }

    List<String> lines(String what) {
      return all.stream().filter(line -> line.startsWith(what + "|")).toList();
    }

    String line(String what) {
      List<String> lines = lines(what);
      assertFalse(lines.isEmpty(), what + " is not in " + all);
      return lines.get(0);
    }

    /** The second column of the last line. */
    String of(String what) {
      List<String> lines = lines(what);
      assertFalse(lines.isEmpty(), what + " is not in " + all);
      return lines.get(lines.size() - 1).split("[|]", -1)[1];
    }
  }
}

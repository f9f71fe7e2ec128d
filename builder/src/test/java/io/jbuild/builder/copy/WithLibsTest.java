package io.jbuild.builder.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Self;
import io.jbuild.linux.Timestamp;
import io.jbuild.overlay.TreeView;
import io.jbuild.overlay.UnionView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of this machine and of a compiler, copied with what they need, and then run. */
class WithLibsTest {
  @TempDir private Path temporary;
  private Path layer;

  @BeforeEach
  void requireRoot() throws IOException {
    assumeTrue(Self.isRoot(), "running a program in another root needs root: skipped");
    layer = Files.createDirectory(temporary.resolve("layer"));
  }

  /** COPY --from=machine --with-libs SOURCE... DESTINATION, below the image's layers. */
  private CopyPlan copy(Path machine, List<Path> image, String words) throws Exception {
    String[] all = words.split(" ", -1);
    List<CopyInput> inputs = new ArrayList<>();
    List<KernelDir> open = new ArrayList<>();
    try (KernelDir root = KernelDir.open(machine);
        SourceTree tree =
            SourceTree.image("the machine", TreeView.of(root), StatIndex.inMemory(), List.of())) {
      for (String source : Arrays.copyOf(all, all.length - 1)) {
        inputs.add(new CopyInput.Files(tree, source));
      }
      for (Path each : image) {
        open.add(KernelDir.open(each));
      }
      CopyRequest request = CopyRequest.of(inputs, all[all.length - 1]).withLibraries();
      try (UnionView below = UnionView.over(open);
          KernelDir out = KernelDir.open(layer)) {
        CopyPlan plan = CopyBench.select(request).onto(below, Timestamp.EPOCH);
        plan.write(out, warning -> {});
        return plan;
      }
    } finally {
      open.forEach(KernelDir::close);
    }
  }

  /** In a mount namespace of its own, with /proc, by which a program finds its $ORIGIN. */
  private static String run(Path root, String... command) throws Exception {
    Files.createDirectories(root.resolve("proc"));
    String script = "mount --bind /proc \"$0/proc\" && exec chroot \"$0\" \"$@\"";
    List<String> words =
        new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script, root.toString()));
    words.addAll(List.of(command));
    return output(words);
  }

  private static String output(List<String> words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int code = process.waitFor();
    return code == 0 ? text : "exit " + code + ": " + text;
  }

  @Test
  void bash_runsInAnEmptyRoot() throws Exception {
    copy(Path.of("/"), List.of(), "bin/bash /bin/");
    assertEquals("6", run(layer, "/bin/bash", "-c", "echo $((1+2+3))"));
  }

  @Test
  void python_runsAtAnotherPlace() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python3: skipped");
    copy(Path.of("/"), List.of(), "usr/bin/python3 /opt/py");
    assertTrue(run(layer, "/opt/py", "--version").startsWith("Python 3"));
  }

  @Test
  void script_bringsItsInterpreter() throws Exception {
    Path script = temporary.resolve("hello");
    Files.writeString(script, "#!/bin/sh\necho hello $1\n");
    assertTrue(script.toFile().setExecutable(true));
    copy(Path.of("/"), List.of(), script + " /hello");
    assertEquals("hello you", run(layer, "/hello", "you"));
  }

  private void compile(String... words) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/gcc")), "no gcc: skipped");
    List<String> all = new ArrayList<>(List.of("gcc"));
    all.addAll(List.of(words));
    assertEquals("", output(all));
  }

  /** A program in app/bin with a library in app/lib, found by $ORIGIN. */
  private Path compileApp() throws Exception {
    Path app = temporary.resolve("app");
    Files.createDirectories(app.resolve("bin"));
    Files.createDirectories(app.resolve("lib"));
    Path lib = temporary.resolve("lib.c");
    Path main = temporary.resolve("main.c");
    Files.writeString(lib, "int answer(void) { return 42; }\n");
    Files.writeString(
        main,
        "#include <stdio.h>\nint answer(void);\nint main(void) { printf(\"%d\\n\", answer()); }\n");
    String library = app.resolve("lib/libanswer.so.1.0").toString();
    compile("-shared", "-fPIC", "-Wl,-soname,libanswer.so.1", "-o", library, lib.toString());
    Files.createSymbolicLink(app.resolve("lib/libanswer.so.1"), Path.of("libanswer.so.1.0"));
    compile(
        "-o",
        app.resolve("bin/answer").toString(),
        main.toString(),
        library,
        "-Wl,-rpath,$ORIGIN/../lib");
    return app;
  }

  @Test
  void originLibraries_moveWithTheProgram() throws Exception {
    Path app = compileApp();
    copy(Path.of("/"), List.of(), app.resolve("bin/answer") + " /opt/answer/bin/");
    assertTrue(Files.isRegularFile(layer.resolve("opt/answer/lib/libanswer.so.1")));
    assertEquals("42", run(layer, "/opt/answer/bin/answer"));
  }

  @Test
  void originLibraries_stayWhereTheProgramStays() throws Exception {
    Path app = compileApp();
    String directory = app.resolve("bin").toString();
    copy(Path.of("/"), List.of(), directory + "/answer " + directory + "/");
    assertTrue(
        Files.isSymbolicLink(
            layer.resolve(app.toString().substring(1)).resolve("lib/libanswer.so.1")));
    assertEquals("42", run(layer, directory + "/answer"));
  }

  @Test
  void sameImage_isLeftAsItIs() throws Exception {
    CopyPlan plan = copy(Path.of("/"), List.of(Path.of("/")), "bin/bash /opt/bash");
    assertEquals("[/opt, /opt/bash]", withoutDirectories(plan));
  }

  /** Directories of the image stand in every plan; what is new is everything else. */
  private String withoutDirectories(CopyPlan plan) {
    List<String> paths = new ArrayList<>();
    plan.paths().forEach(path -> paths.add(path.toString()));
    paths.removeIf(
        path -> Files.isDirectory(layer.resolve(path.substring(1))) && !path.equals("/opt"));
    return paths.toString();
  }

  @Test
  void mergedUsr_andPlainDirectories_ofTheImage_areUsedAsTheyAre() throws Exception {
    Path image = Files.createDirectory(temporary.resolve("image"));
    Files.createDirectories(image.resolve("lib64"));
    Files.createDirectories(image.resolve("usr/libs"));
    Files.createSymbolicLink(image.resolve("lib"), Path.of("usr/libs"));
    copy(Path.of("/"), List.of(image), "bin/bash /bash");
    assertFalse(Files.isSymbolicLink(layer.resolve("lib64")));
    assertFalse(Files.exists(layer.resolve("lib")));
    Path root = Files.createDirectory(temporary.resolve("root"));
    assertEquals("", output(List.of("cp", "-a", image + "/.", root.toString())));
    assertEquals("", output(List.of("cp", "-a", layer + "/.", root.toString())));
    assertEquals("ok", run(root, "/bash", "-c", "echo ok"));
  }

  @Test
  void otherLibraryInTheImage_isNotReplaced() throws Exception {
    Path image = Files.createDirectory(temporary.resolve("image"));
    String libc = "/lib/x86_64-linux-gnu/libc.so.6";
    assumeTrue(Files.exists(Path.of(libc)), "no multiarch directories: skipped");
    Files.createDirectories(image.resolve("usr/lib/x86_64-linux-gnu"));
    Files.createSymbolicLink(image.resolve("lib"), Path.of("usr/lib"));
    Files.writeString(image.resolve("usr/lib/x86_64-linux-gnu/libc.so.6"), "other");
    UserException e =
        assertThrows(
            UserException.class, () -> copy(Path.of("/"), List.of(image), "bin/bash /bash"));
    assertEquals(
        "\"/usr/lib/x86_64-linux-gnu/libc.so.6\" of the image is not the one that a copied program"
            + " needs from the machine",
        e.getMessage());
  }

  @Test
  void digest_coversTheLibraries() throws Exception {
    Path app = compileApp();
    Path library = app.resolve("lib/libanswer.so.1.0");
    String before = digest(app.resolve("bin/answer"));
    assertEquals(before, digest(app.resolve("bin/answer")));
    Files.write(library, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
    assertFalse(before.equals(digest(app.resolve("bin/answer"))));
  }

  private static String digest(Path program) throws Exception {
    try (KernelDir root = KernelDir.open(Path.of("/"));
        SourceTree tree =
            SourceTree.image("the machine", TreeView.of(root), StatIndex.inMemory(), List.of())) {
      CopyRequest request =
          CopyRequest.of(List.of(new CopyInput.Files(tree, program.toString())), "/p")
              .withLibraries();
      return CopyBench.select(request).digest().toString();
    }
  }
}

package io.jbuild.builder.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.builder.instruction.ModeChange;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.linux.Dir;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Self;
import io.jbuild.linux.Timestamp;
import io.jbuild.overlay.UnionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ADD of archives, which GNU tar and its helpers have made. */
class AddArchiveTest {
  @TempDir private Path temporary;
  private Path context;

  @BeforeEach
  void make() throws Exception {
    assumeTrue(Self.isRoot(), "unpacking with owners needs root: skipped");
    context = Files.createDirectory(temporary.resolve("context"));
    Path content = Files.createDirectory(temporary.resolve("content"));
    try (KernelDir dir = KernelDir.open(content)) {
      Trees.fill(dir, "d/a@640,5,6 b l>d/a");
    }
    Files.writeString(context.resolve("plain"), "text");
  }

  private void tar(String name, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("tar", "-C", temporary + "/content"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cf", context.resolve(name).toString(), "d", "b", "l"));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private interface Change {
    CopyRequest of(CopyRequest request);
  }

  private String add(String source, String destination, String image, Change change)
      throws Exception {
    try (KernelDir dir = KernelDir.open(context);
        SourceTree tree = SourceTree.directory("c", dir, IgnoreRules.NONE, StatIndex.inMemory());
        MemoryTree below = new MemoryTree();
        Dir layer = below.root()) {
      Trees.fill(layer, image);
      CopyRequest request =
          CopyRequest.of(List.of(new CopyInput.Files(tree, source)), destination).withUnpack();
      try (UnionView view = UnionView.over(List.of(layer))) {
        return write(CopyBench.select(change.of(request)).onto(view, Timestamp.EPOCH));
      }
    }
  }

  private String write(CopyPlan plan) throws IOException, UserException {
    Path out = Files.createTempDirectory(temporary, "layer");
    try (KernelDir root = KernelDir.open(out)) {
      plan.write(root, warning -> {});
      return Trees.show(root);
    }
  }

  private String add(String source, String destination, String image) throws Exception {
    return add(source, destination, image, request -> request);
  }

  private static final String UNPACKED = "x/ x/b=b x/d/ x/d/a=d/a@640,5,6 x/l>d/a";

  @Test
  void everyCompression_isKnownByItsContent() throws Exception {
    for (String option : new String[] {"--format=gnu", "-z", "-j", "-J"}) {
      tar("archive.bin", option);
      assertEquals(UNPACKED, add("archive.bin", "/x/", ""), option);
      assertEquals(UNPACKED, add("archive.bin", "/x", ""), option);
    }
  }

  @Test
  void otherFiles_areCopied() throws Exception {
    Files.writeString(context.resolve("fake.tar.gz"), "no archive");
    assertEquals("x/ x/fake.tar.gz=no archive", add("fake.tar.gz", "/x/", ""));
    Files.delete(context.resolve("fake.tar.gz"));
    tar("a.tar");
    assertEquals("x/ x/b=b x/d/ x/d/a=d/a@640,5,6 x/l>d/a x/plain=text", add("*", "/x/", "x/"));
  }

  @Test
  void chown_holdsForWhatIsUnpacked() throws Exception {
    tar("a.tar");
    assertEquals(
        "x/@755,7,8 x/b=b@644,7,8 x/d/@755,7,8 x/d/a=d/a@640,7,8 x/l>d/a@777,7,8",
        add("a.tar", "/x", "", request -> request.withOwner(new Owner(7, 8))));
  }

  @Test
  void chmod_meansNothingOfWhatIsUnpacked() throws Exception {
    tar("a.tar");
    assertEquals(
        UNPACKED, add("a.tar", "/x/", "", request -> request.withMode(ModeChange.parse("600"))));
  }

  @Test
  void destination_throughALinkOfTheImage() throws Exception {
    tar("a.tar");
    assertEquals(
        "usr/ usr/x/ usr/x/b=b usr/x/d/ usr/x/d/a=d/a@640,5,6 usr/x/l>d/a",
        add("a.tar", "/l/x", "l>usr usr/"));
  }

  @Test
  void escape_changesNothingOutside() throws Exception {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Path content = temporary.resolve("content");
    Files.createSymbolicLink(content.resolve("e"), outside);
    Process process =
        new ProcessBuilder(
                "tar",
                "-C",
                content.toString(),
                "-cf",
                context.resolve("e.tar").toString(),
                "e",
                "--transform=s,^b$,e/pwned,",
                "b")
            .start();
    assertEquals(0, process.waitFor());
    // A link that leads out is followed inside of the layer, where its target is not there.
    String result;
    try {
      result = add("e.tar", "/x/", "");
    } catch (IOException e) {
      result = "refused";
    }
    assertTrue(result.equals("refused") || result.contains(" x/e>"), result);
    try (Stream<Path> entries = Files.list(outside)) {
      assertEquals(0, entries.count());
    }
  }

  @Test
  void brokenArchive_isAnError() throws Exception {
    tar("a.tar");
    byte[] bytes = Files.readAllBytes(context.resolve("a.tar"));
    Files.write(context.resolve("a.tar"), java.util.Arrays.copyOf(bytes, 700));
    assertThrows(IOException.class, () -> add("a.tar", "/x/", ""));
  }
}

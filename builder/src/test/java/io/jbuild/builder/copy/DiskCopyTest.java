package io.jbuild.builder.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContentDigest;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.builder.context.StatIndexes;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.layers.LayerSummary;
import io.jbuild.linux.Dir;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import io.jbuild.overlay.UnionView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies from real directories: what is read, how often, and what happens when it changes. */
class DiskCopyTest {
  private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path temporary;

  private Path write(String path, String content) throws IOException {
    Path file = temporary.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, OLD);
    return file;
  }

  private static CopyRequest request(SourceTree tree, String source, String destination) {
    return CopyRequest.of(List.of(new CopyInput.Files(tree, source)), destination);
  }

  private interface Body {
    void with(SourceTree tree, SortedSet<String> touched) throws Exception;
  }

  private void watched(Path directory, StatIndex index, Body body) throws Exception {
    SortedSet<String> touched = new TreeSet<>();
    try (KernelDir dir = KernelDir.open(directory);
        SourceTree tree =
            SourceTree.directory(
                "the build context",
                new WatchedDir(dir, "/", touched),
                IgnoreRules.parse(
                    "ignored\n!kept/none".getBytes(StandardCharsets.UTF_8), ".dockerignore"),
                index)) {
      body.with(tree, touched);
    }
  }

  private static String layer(CopySelection selection) throws Exception {
    try (MemoryTree layer = new MemoryTree();
        Dir root = layer.root();
        UnionView image = UnionView.over(List.of())) {
      selection.onto(image, Timestamp.EPOCH).write(root, warning -> {});
      return Trees.show(root);
    }
  }

  @Test
  void onlyWhatIsNamed_isTouched() throws Exception {
    write("a/b/f", "1");
    write("a/c/g", "2");
    write("z/h", "3");
    write("ignored/secret", "4");
    watched(
        temporary,
        StatIndex.inMemory(),
        (tree, touched) -> {
          assertTrue(touched.isEmpty(), touched.toString());
          assertEquals("x/ x/f=1", layer(CopyBench.select(request(tree, "a/b", "/x/"))));
          assertEquals("[list /a/b/, open /a, open /a/b, read /a/b/f]", touched.toString());
        });
  }

  @Test
  void ignoredFiles_areNotTouched() throws Exception {
    write("a", "1");
    write("ignored/secret", "4");
    watched(
        temporary,
        StatIndex.inMemory(),
        (tree, touched) -> {
          assertEquals("x/ x/a=1", layer(CopyBench.select(request(tree, ".", "/x/"))));
          assertEquals("[list /, read /a]", touched.toString());
        });
  }

  private String copied(String... rules) throws Exception {
    try (KernelDir dir = KernelDir.open(temporary);
        SourceTree tree =
            SourceTree.directory(
                "the build context", dir, IgnoreRules.of(List.of(rules)), StatIndex.inMemory())) {
      return layer(CopyBench.select(request(tree, ".", "/x/")));
    }
  }

  @Test
  void ignoredDirectory_isThereForWhatItHolds() throws Exception {
    write("modules/a/one.js", "1");
    write("modules/a/lib/deep/keep", "2");
    write("modules/b/lib/two.js", "3");
    write("modules/c/keep", "4");
    write("modules/c/lib/empty/three.js", "5");
    write("src/keep", "6");
    Files.createSymbolicLink(temporary.resolve("modules/linked"), Path.of("c"));
    assertEquals("x/ x/src/ x/src/keep=6", copied("modules"));
    assertEquals(
        "x/ x/modules/ x/modules/a/ x/modules/a/lib/ x/modules/a/lib/deep/"
            + " x/modules/a/lib/deep/keep=2 x/modules/c/ x/modules/c/keep=4 x/src/ x/src/keep=6",
        copied("modules", "!**/keep"));
    assertEquals("x/ x/modules/ x/modules/c/ x/modules/c/keep=4", copied("*", "!modules/*/keep"));
    assertEquals("x/", copied("*", "!modules/*/nothing"));
  }

  @Test
  void ignoredDirectory_deeperThanDescriptorsReach() throws Exception {
    String deep = "d/".repeat(100);
    write(deep + "keep", "1");
    write("e/" + deep + "other", "2");
    String found = copied("*", "!**/keep");
    assertTrue(found.endsWith("/" + deep + "keep=1"), found);
    assertFalse(found.contains("/e/"), found);
  }

  @Test
  void ignoredDirectory_withNamesThatAreNotAscii() throws Exception {
    write("\u00fcbrig/\u00e4/keep.\u00f6", "1");
    write("\u00fcbrig/\u00e4/other", "2");
    String directories = "x/ x/\u00fcbrig/ x/\u00fcbrig/\u00e4/ ";
    assertEquals(
        directories + "x/\u00fcbrig/\u00e4/keep.\u00f6=1", copied("*", "!\u00fcbrig/*/*.\u00f6"));
  }

  @Test
  void wholeMachineAsContext_costsNothingByItself() throws Exception {
    watched(
        Path.of("/"),
        StatIndex.inMemory(),
        (tree, touched) -> {
          CopyBench.select(request(tree, "etc/passwd", "/x"));
          assertEquals("[open /etc, read /etc/passwd]", touched.toString());
        });
  }

  @Test
  void unchangedFiles_areNotReadAgain() throws Exception {
    write("d/a", "1");
    write("d/b", "2");
    Path store = temporary.resolve("index");
    selectAll(StatIndexes.later(store), 2);
    selectAll(StatIndexes.later(store), 0);
    write("d/a", "3");
    selectAll(StatIndexes.later(store), 1);
    selectAll(StatIndexes.now(store), 0);
    write("d/a", "4");
    selectAll(StatIndexes.now(store), 1);
    selectAll(StatIndexes.now(store), 1);
  }

  private void selectAll(StatIndex index, int reads) throws Exception {
    watched(
        temporary,
        index,
        (tree, touched) -> {
          CopyBench.select(request(tree, "d", "/"));
          assertEquals(reads, touched.stream().filter(each -> each.startsWith("read")).count());
        });
    index.save();
  }

  @Test
  void fileThatChangesAfterItsDigest_isAnError() throws Exception {
    Path file = write("a", "one");
    watched(
        temporary,
        StatIndex.inMemory(),
        (tree, touched) -> {
          CopySelection selection = CopyBench.select(request(tree, "a", "/a"));
          Files.writeString(file, "two");
          UserException e = assertThrows(UserException.class, () -> layer(selection));
          assertEquals("\"/a\" in the build context changes while it is copied", e.getMessage());
        });
  }

  @Test
  void sameSizeAndTimes_butOtherBytes_isAnErrorForAYoungFile() throws Exception {
    write("a", "one");
    try (MemoryTree files = new MemoryTree();
        Dir dir = files.root()) {
      Trees.fill(dir, "a=one");
      try (SourceTree tree =
          SourceTree.directory("c", dir, IgnoreRules.NONE, StatIndex.inMemory())) {
        CopySelection selection = CopyBench.select(request(tree, "a", "/a"));
        try (OutputFile other = dir.create(Name.of("b"), 0644)) {
          other.write("two".getBytes(StandardCharsets.UTF_8), 0, 3);
        }
        dir.rename(Name.of("b"), dir, Name.of("a"), true);
        assertThrows(UserException.class, () -> layer(selection));
      }
    }
  }

  @Test
  void fileThatBecomesALink_isNotFollowed() throws Exception {
    Path file = write("a", "one");
    Path secret = write("ignored/secret", "secret");
    watched(
        temporary,
        StatIndex.inMemory(),
        (tree, touched) -> {
          CopySelection selection = CopyBench.select(request(tree, "a", "/a"));
          Files.delete(file);
          Files.createSymbolicLink(file, secret);
          assertThrows(IOException.class, () -> layer(selection));
        });
  }

  @Test
  void links_neverLeaveTheContext() throws Exception {
    Path outside = Files.createDirectory(temporary.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Path context = Files.createDirectory(temporary.resolve("context"));
    Files.createSymbolicLink(context.resolve("file"), outside.resolve("secret"));
    Files.createSymbolicLink(context.resolve("dir"), outside);
    Files.createSymbolicLink(context.resolve("up"), Path.of("../outside"));
    for (String source : List.of("file", "dir/secret", "up/secret", "dir/*", "*/secret")) {
      watched(
          context,
          StatIndex.inMemory(),
          (tree, touched) -> {
            String result;
            try {
              result = layer(CopyBench.select(request(tree, source, "/x/")));
            } catch (UserException e) {
              result = "refused";
            }
            assertFalse(result.contains("secret"), source + ": " + result);
            assertTrue(
                touched.stream().noneMatch(each -> each.contains("outside")), touched.toString());
          });
    }
  }

  @Test
  void names_thatAreNotText_areCopied() throws Exception {
    byte[] raw = {'a', (byte) 0xff, '\n'};
    Path context = Files.createDirectory(temporary.resolve("raw"));
    try (KernelDir dir = KernelDir.open(context)) {
      try (OutputFile file = dir.create(Name.of(raw), 0644)) {
        file.write(raw, 0, 3);
      }
      try (SourceTree tree =
              SourceTree.directory("c", dir, IgnoreRules.NONE, StatIndex.inMemory());
          MemoryTree layer = new MemoryTree();
          Dir root = layer.root();
          UnionView image = UnionView.over(List.of())) {
        CopyBench.select(request(tree, ".", "/"))
            .onto(image, Timestamp.EPOCH)
            .write(root, warning -> {});
        assertArrayEquals(raw, root.list().get(0).bytes());
      }
    }
  }

  @Test
  void layer_isTheSame_whateverTheThreads() throws Exception {
    for (int i = 0; i < 200; i++) {
      write("many/d" + i % 7 + "/f" + i, "content " + i);
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CopySelection[] selections = new CopySelection[2];
      LayerSummary[] layers = new LayerSummary[2];
      watched(
          temporary,
          StatIndex.inMemory(),
          (tree, touched) -> {
            for (int i = 0; i < 2; i++) {
              CopyRequest request = request(tree, "many", "/x/");
              selections[i] = CopySelection.of(request, i == 0 ? Runnable::run : threads);
              try (UnionView image = UnionView.over(List.of());
                  KernelDir root =
                      KernelDir.open(Files.createDirectory(temporary.resolve("out" + i)))) {
                layers[i] = selections[i].onto(image, Timestamp.EPOCH).write(root, warning -> {});
              }
            }
          });
      assertEquals(selections[0].digest(), selections[1].digest());
      assertEquals(layers[0].diffId(), layers[1].diffId());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whileSomebodyWrites_theLayerHasTheBytesOfTheDigest_orThereIsNone() throws Exception {
    Path file = write("busy/f", "0".repeat(100_000));
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer = new Thread(() -> rewrite(file, stop));
    writer.start();
    try {
      for (int i = 0; i < 60; i++) {
        watched(
            temporary,
            StatIndex.inMemory(),
            (tree, touched) -> {
              try {
                CopySelection selection = CopyBench.select(request(tree, "busy/f", "/f"));
                String content = layer(selection).replaceFirst("f=", "");
                String digest =
                    ContentDigest.digest(content.getBytes(StandardCharsets.UTF_8)).toString();
                assertTrue(String.valueOf(selection.manifest().get("/busy/f")).endsWith(digest));
              } catch (UserException | IOException e) {
                // It changed at a bad moment, and that was noticed.
                assertTrue(String.valueOf(e.getMessage()).contains("f\""), e.getMessage());
              }
            });
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  /** Same size, other bytes, and now and then a shorter file. */
  private static void rewrite(Path file, AtomicBoolean stop) {
    try {
      for (int i = 1; !stop.get(); i++) {
        Files.writeString(file, Integer.toString(i % 10).repeat(i % 7 == 0 ? 50_000 : 100_000));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

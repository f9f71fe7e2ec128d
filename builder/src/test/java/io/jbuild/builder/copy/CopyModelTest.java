package io.jbuild.builder.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.linux.Dir;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.overlay.UnionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any tree onto any image: what is copied is there as it was, all else is as it was before. */
class CopyModelTest {
  private static final String[] NAMES = {"a", "b", "c", "d"};
  private static final int DEPTH = 3;

  @TempDir private Path temporary;

  private static String tree(Random random, String path, int depth, String mark) {
    StringBuilder words = new StringBuilder();
    for (String name : NAMES) {
      String child = path + name;
      switch (random.nextInt(6)) {
        case 0 ->
            words.append(child).append('=').append(mark).append(random.nextInt(3)).append(' ');
        case 1 -> words.append(child).append(">nowhere/").append(mark).append(' ');
        case 2, 3 -> {
          if (depth < DEPTH) {
            words.append(tree(random, child + "/", depth + 1, mark));
            words.append(child).append("/@7").append(random.nextInt(8)).append("1 ");
          }
        }
        default -> {}
      }
    }
    return words.toString();
  }

  /** Path to word, directories first without their slash. */
  private static Map<String, String> words(String shown) {
    Map<String, String> words = new TreeMap<>();
    for (String word : shown.split(" ", -1)) {
      if (!word.isEmpty()) {
        words.put(word.replaceFirst("(/@|/$|[=>@]).*", ""), word);
      }
    }
    return words;
  }

  @Test
  void anyTree_ontoAnyImage() throws Exception {
    int copied = 0;
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      String source = tree(random, "", 0, "new");
      String image = tree(random, "", 0, "old");
      try (MemoryTree files = new MemoryTree();
          Dir context = files.root();
          MemoryTree lower = new MemoryTree();
          Dir below = lower.root();
          MemoryTree upper = new MemoryTree();
          Dir layer = upper.root()) {
        Trees.fill(context, source);
        Trees.fill(below, image);
        if (copy(context, below, layer)) {
          copied++;
          Map<String, String> expected = words(Trees.show(below));
          expected.putAll(words(Trees.show(context)));
          try (UnionView merged = UnionView.over(List.of(layer, below))) {
            assertEquals(expected, words(Trees.show(merged.root())), "seed " + seed);
          }
        }
      }
    }
    assertTrue(copied > 50, copied + " of the pairs had no conflict");
  }

  /** False where a file and a directory claim one path. */
  private static boolean copy(Dir context, Dir below, Dir layer) throws IOException {
    try (SourceTree tree =
            SourceTree.directory("c", context, IgnoreRules.NONE, StatIndex.inMemory());
        UnionView image = UnionView.over(List.of(below))) {
      CopyRequest request = CopyRequest.of(List.of(new CopyInput.Files(tree, ".")), "/");
      CopyBench.select(request).onto(image, Timestamp.EPOCH).write(layer, warning -> {});
      return true;
    } catch (UserException e) {
      return false;
    }
  }

  @Test
  void deepDirectories_needNoDeepStack() throws Exception {
    int depth = 2000;
    Path source = Files.createDirectory(temporary.resolve("source"));
    Path target = Files.createDirectory(temporary.resolve("target"));
    Name name = Name.of("d");
    KernelDir here = KernelDir.open(source);
    for (int i = 0; i < depth; i++) {
      KernelDir next = here.makeDir(name, 0755);
      here.close();
      here = next;
    }
    here.close();
    try (KernelDir context = KernelDir.open(source);
        KernelDir layer = KernelDir.open(target);
        SourceTree tree =
            SourceTree.directory("c", context, IgnoreRules.NONE, StatIndex.inMemory());
        UnionView image = UnionView.over(List.of())) {
      CopyRequest request = CopyRequest.of(List.of(new CopyInput.Files(tree, ".")), "/");
      CopyPlan plan = CopyBench.select(request).onto(image, Timestamp.EPOCH);
      assertEquals(depth, new ArrayList<>(plan.paths()).size());
      plan.write(layer, warning -> {});
    }
    try (KernelDir all = KernelDir.open(temporary)) {
      all.removeTree(Name.of("source"));
      all.removeTree(Name.of("target"));
    }
  }
}

package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.context.StatIndex;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.linux.Dir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Timestamp;
import io.jbuild.overlay.TreeView;
import io.jbuild.overlay.UnionView;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A context, an image and what a copy makes of them, in memory; nothing may stay open. */
final class CopyBench implements Closeable {
  final SourceTree context;
  final SourceTree stage;
  final TreeView image;
  private final List<Closeable> open = new ArrayList<>();

  CopyBench(String contextWords, String imageWords) throws Exception {
    this(contextWords, "", imageWords);
  }

  CopyBench(String contextWords, String ignore, String imageWords) throws Exception {
    Dir files = tree(contextWords);
    Dir layer = tree(imageWords);
    IgnoreRules rules =
        IgnoreRules.parse(
            ignore.replace(' ', '\n').getBytes(StandardCharsets.UTF_8), ".dockerignore");
    context = keep(SourceTree.directory("the build context", files, rules, StatIndex.inMemory()));
    stage =
        keep(
            SourceTree.image(
                "stage \"one\"", UnionView.over(List.of(files)), StatIndex.inMemory(), List.of()));
    image = keep(UnionView.over(List.of(layer)));
  }

  private Dir tree(String words) throws IOException {
    MemoryTree tree = new MemoryTree();
    open.add(tree::close);
    Dir root = keep(tree.root());
    Trees.fill(root, words);
    return root;
  }

  private <T extends Closeable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  List<CopyInput> from(SourceTree tree, String... patterns) {
    List<CopyInput> inputs = new ArrayList<>();
    for (String pattern : patterns) {
      inputs.add(new CopyInput.Files(tree, pattern));
    }
    return inputs;
  }

  /** {@code "a b dest"} as COPY has it. */
  CopyRequest request(String words) {
    return request(context, words);
  }

  CopyRequest request(SourceTree tree, String words) {
    String[] all = words.split(" ", -1);
    String[] sources = java.util.Arrays.copyOf(all, all.length - 1);
    return CopyRequest.of(from(tree, sources), all[all.length - 1]);
  }

  static CopySelection select(CopyRequest request) throws IOException, UserException {
    return CopySelection.of(request, Runnable::run);
  }

  String copy(String words) throws IOException, UserException {
    return copy(request(words));
  }

  /** The layer that a copy makes. */
  String copy(CopyRequest request) throws IOException, UserException {
    CopyPlan plan = select(request).onto(image, Timestamp.EPOCH);
    try (MemoryTree layer = new MemoryTree();
        Dir root = layer.root()) {
      plan.write(root, warning -> {});
      return Trees.show(root);
    }
  }

  @Override
  public void close() throws IOException {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }
}

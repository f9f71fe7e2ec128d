package io.jbuild.builder.image;

import io.jbuild.builder.store.RootTree;
import io.jbuild.builder.store.Stores;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.LayerApplier;
import io.jbuild.layers.LayerScanner;
import io.jbuild.linux.KernelDir;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Unpacks a merged tree into a directory, through the same tar as everything else. */
final class TreeCopy {
  private TreeCopy() {}

  static void copy(Stores stores, List<DiffId> layers, Path directory) throws IOException {
    try (RootTree root = RootTree.open(stores, layers);
        KernelDir target = KernelDir.open(directory);
        PipedOutputStream out = new PipedOutputStream();
        InputStream in = new PipedInputStream(out, 1 << 18)) {
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(() -> write(root, out), TreeCopy::inThread);
      new LayerApplier(ApplyLimits.DEFAULT, warning -> {}).apply(in, target);
      writing.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static void inThread(Runnable work) {
    Thread thread = new Thread(work, "jbuild-tree");
    thread.setDaemon(true);
    thread.start();
  }

  private static void write(RootTree root, PipedOutputStream out) {
    try (out) {
      LayerScanner.write(root.view().root(), false, out);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }
}

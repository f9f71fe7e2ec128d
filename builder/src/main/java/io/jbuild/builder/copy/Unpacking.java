package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContentDigest;
import io.jbuild.layers.ApplyLimits;
import io.jbuild.layers.Archives;
import io.jbuild.layers.Attributes;
import io.jbuild.layers.LowerView;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An archive that is unpacked into a directory of the layer.
 *
 * @param item the archive's file
 * @param directory where its root goes
 * @param owner whose the files become; empty for those that the archive says
 */
record Unpacking(Item item, TreePath directory, Optional<Owner> owner) {

  /** Whether a file is an archive, by its content. */
  static boolean isArchive(Item item) throws IOException {
    if (item.tree == null || !item.stat().isRegular()) {
      return false;
    }
    try (InputFile file = item.tree().view().read(item.path)) {
      Optional<InputStream> tar = Archives.open(file.asStream(), ApplyLimits.DEFAULT);
      if (tar.isPresent()) {
        tar.get().close();
      }
      return tar.isPresent();
    }
  }

  /** Unpacks into the layer's root; what is unpacked are the bytes that the digest is of. */
  void into(Dir root, TreeView below, Consumer<String> warnings) throws IOException, UserException {
    MessageDigest sha256 = ContentDigest.sha256();
    try (InputFile file = item.tree().view().read(item.path)) {
      DigestInputStream content = new DigestInputStream(file.asStream(), sha256);
      try (InputStream tar =
          Archives.open(content, ApplyLimits.DEFAULT)
              .orElseThrow(() -> ContentReader.changed(item))) {
        Archives.unpack(
            tar,
            root,
            directory,
            owner.map(each -> new Archives.Owner(each.uid(), each.gid())),
            lower(below),
            ApplyLimits.DEFAULT,
            warnings);
      }
      content.transferTo(OutputStream.nullOutputStream());
    }
    if (!ContentDigest.from(sha256).equals(item.digest())) {
      throw ContentReader.changed(item);
    }
  }

  /** What the layer code asks of the image below. */
  static LowerView lower(TreeView below) {
    return new LowerView() {
      @Override
      public Optional<Attributes> lookup(TreePath path) throws IOException {
        Optional<FileStat> stat = below.lookup(path).filter(FileStat::isDirectory);
        return stat.isEmpty()
            ? Optional.empty()
            : Optional.of(Attributes.of(stat.get(), below.xattrs(path)));
      }

      @Override
      public Optional<byte[]> link(TreePath path) throws IOException {
        return below.lookup(path).filter(FileStat::isSymlink).isPresent()
            ? Optional.of(below.readLink(path))
            : Optional.empty();
      }
    };
  }
}

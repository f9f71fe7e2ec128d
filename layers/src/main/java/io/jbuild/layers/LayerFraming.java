package io.jbuild.layers;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarType;
import io.jbuild.layers.tar.TarWriter;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.FileType;
import io.jbuild.oci.DiffId;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Turns files, deletions and their attributes into the tar of a layer, and that into its diffID.
 */
final class LayerFraming {
  private static final byte[] ROOT = {'.', '/'};

  private final DigestSink sink;
  private final TarWriter tar;
  private long entries;
  private boolean withRoot;

  LayerFraming(OutputStream next) {
    sink = new DigestSink(next);
    tar = new TarWriter(sink);
  }

  /** The root's own time is the making of the layer and says nothing, so it is left out. */
  void root(Attributes attributes) throws IOException {
    withRoot = true;
    directory(ROOT, attributes.withModified(io.jbuild.linux.Timestamp.EPOCH));
  }

  void directory(byte[] name, Attributes attributes) throws IOException {
    begin(attributes.onto(TarEntry.of(TarType.DIRECTORY, name)));
  }

  /** Content of {@code size} bytes has to follow. */
  void file(byte[] name, Attributes attributes, long size) throws IOException {
    begin(attributes.onto(TarEntry.of(TarType.REGULAR, name)).size(size));
  }

  void content(byte[] from, int offset, int length) throws IOException {
    tar.write(from, offset, length);
  }

  void symlink(byte[] name, Attributes attributes, byte[] target) throws IOException {
    begin(attributes.onto(TarEntry.of(TarType.SYMLINK, name)).linkTarget(target));
  }

  void hardLink(byte[] name, Attributes attributes, byte[] target) throws IOException {
    begin(attributes.onto(TarEntry.of(TarType.HARD_LINK, name)).linkTarget(target));
  }

  void node(byte[] name, Attributes attributes, FileType type, DeviceNumber device)
      throws IOException {
    begin(attributes.onto(TarEntry.of(tarType(type), name)).device(device));
  }

  private static TarType tarType(FileType type) {
    return switch (type) {
      case CHARACTER_DEVICE -> TarType.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> TarType.BLOCK_DEVICE;
      case FIFO -> TarType.FIFO;
      default -> throw new IllegalArgumentException("not a node: " + type);
    };
  }

  /** A deletion has no attributes of its own: root's, 0644, from 1970. */
  void whiteout(byte[] name) throws IOException {
    begin(TarEntry.of(TarType.REGULAR, name).permissions(0644));
  }

  private void begin(TarEntry.Builder entry) throws IOException {
    tar.begin(entry.build());
    entries++;
  }

  LayerSummary finish() throws IOException {
    tar.finish();
    LayerSummary.Form form =
        withRoot ? LayerSummary.Form.CANONICAL_WITH_ROOT : LayerSummary.Form.CANONICAL;
    return new LayerSummary(new DiffId(sink.finish()), tar.written(), entries, form);
  }
}

package io.jbuild.builder.context;

import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import io.jbuild.oci.store.AtomicFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * One tree's index on disk: a header, the entries, the SHA-256 of both. A file that does not add up
 * is as good as none.
 */
final class IndexFile {
  /** Entries that no build has asked for in so many saves are dropped. */
  static final int MAX_AGE = 20;

  private static final int MAGIC = 0x6a627331; // "jbs1"
  private static final long MAX_SIZE = 1L << 30;

  private final Path directory;
  private final Path file;

  IndexFile(Path directory, String tree) {
    this.directory = directory;
    this.file =
        directory.resolve(
            ContentDigest.digest(tree.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32));
  }

  Map<TreePath, StatIndex.Entry> read() throws IOException {
    byte[] bytes;
    try {
      if (Files.size(file) > MAX_SIZE) {
        return Map.of();
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Map.of();
    }
    int body = bytes.length - ContentDigest.LENGTH;
    if (body < 8 || !isIntact(bytes, body)) {
      return Map.of();
    }
    return parse(new DataInputStream(new ByteArrayInputStream(bytes, 0, body)));
  }

  private static boolean isIntact(byte[] bytes, int body) {
    byte[] digest = ContentDigest.digest(Arrays.copyOf(bytes, body)).bytes();
    return Arrays.equals(digest, 0, digest.length, bytes, body, bytes.length);
  }

  private static Map<TreePath, StatIndex.Entry> parse(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      return Map.of();
    }
    int count = in.readInt();
    Map<TreePath, StatIndex.Entry> entries = new HashMap<>(Math.min(count, 1 << 20) * 4 / 3 + 1);
    for (int i = 0; i < count; i++) {
      byte[] path = new byte[in.readInt()];
      in.readFully(path);
      entries.put(TreePath.parse(path), entry(in));
    }
    return entries;
  }

  private static StatIndex.Entry entry(DataInputStream in) throws IOException {
    long size = in.readLong();
    Timestamp modified = new Timestamp(in.readLong(), in.readInt());
    Timestamp changed = new Timestamp(in.readLong(), in.readInt());
    long inode = in.readLong();
    boolean hasXattrs = in.readBoolean();
    int age = in.readUnsignedByte();
    byte[] digest = new byte[ContentDigest.LENGTH];
    in.readFully(digest);
    return new StatIndex.Entry(
        size, modified, changed, inode, ContentDigest.of(digest), hasXattrs, age);
  }

  void write(Map<TreePath, StatIndex.Entry> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeInt(entries.size());
    for (Map.Entry<TreePath, StatIndex.Entry> entry : entries.entrySet()) {
      byte[] path = entry.getKey().relativeBytes();
      out.writeInt(path.length);
      out.write(path);
      write(out, entry.getValue());
    }
    out.write(ContentDigest.digest(bytes.toByteArray()).bytes());
    Files.createDirectories(directory);
    AtomicFiles.publish(file, bytes.toByteArray());
  }

  private static void write(DataOutputStream out, StatIndex.Entry entry) throws IOException {
    out.writeLong(entry.size());
    out.writeLong(entry.modified().seconds());
    out.writeInt(entry.modified().nanos());
    out.writeLong(entry.changed().seconds());
    out.writeInt(entry.changed().nanos());
    out.writeLong(entry.inode());
    out.writeBoolean(entry.hasXattrs());
    out.writeByte(entry.age());
    out.write(entry.digest().bytes());
  }
}

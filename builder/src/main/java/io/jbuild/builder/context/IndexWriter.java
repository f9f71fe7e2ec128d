package io.jbuild.builder.context;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.TreePath;
import java.nio.ByteBuffer;

/** Puts the bytes of an {@link IndexTable} together. A path is added once. */
final class IndexWriter {
  private ByteBuffer out = ByteBuffer.allocate(1 << 16);
  private int[] places = new int[1 << 10];
  private int count;

  IndexWriter() {
    out.putInt(IndexTable.MAGIC).putInt(0);
  }

  /** A record of another table. */
  void add(IndexTable from, int at, int age) {
    ByteBuffer record = from.raw(at);
    int start = begin(record.remaining());
    out.put(record).put(start + IndexTable.AGE, (byte) age);
  }

  void add(TreePath path, FileStat stat, StatIndex.Known known) {
    byte[] name = path.relativeBytes();
    int start = begin(IndexTable.PATH + name.length);
    out.putInt(path.hashCode()).putInt(name.length).putLong(stat.size());
    out.putLong(stat.modified().seconds()).putLong(stat.changed().seconds()).putLong(stat.inode());
    out.putInt(stat.modified().nanos()).putInt(stat.changed().nanos());
    out.put(start + IndexTable.HAS_XATTRS, (byte) (known.hasXattrs() ? 1 : 0));
    out.position(start + IndexTable.DIGEST);
    out.put(known.digest().bytes()).put(name);
  }

  private int begin(int length) {
    reserve(length);
    if (count == places.length) {
      places = java.util.Arrays.copyOf(places, 2 * count);
    }
    places[count++] = out.position();
    return out.position();
  }

  private void reserve(int length) {
    if (out.remaining() < length) {
      int needed = Math.addExact(out.position(), length);
      long size = Math.min(Math.max(2L * out.capacity(), needed), Integer.MAX_VALUE - 8);
      out = ByteBuffer.allocate((int) size).put(out.flip());
    }
  }

  byte[] finish() {
    int slots = IndexTable.slotsFor(count);
    reserve(Math.addExact(Math.multiplyExact(slots, Integer.BYTES), Integer.BYTES));
    int table = out.position();
    for (int i = 0; i < count; i++) {
      int slot = out.getInt(places[i] + IndexTable.HASH) & (slots - 1);
      while (out.getInt(table + slot * Integer.BYTES) != 0) {
        slot = (slot + 1) & (slots - 1);
      }
      out.putInt(table + slot * Integer.BYTES, places[i]);
    }
    out.putInt(4, count);
    byte[] bytes = new byte[table + (slots + 1) * Integer.BYTES];
    out.get(0, bytes);
    ByteBuffer.wrap(bytes).putInt(bytes.length - Integer.BYTES, IndexTable.checksum(bytes));
    return bytes;
  }
}

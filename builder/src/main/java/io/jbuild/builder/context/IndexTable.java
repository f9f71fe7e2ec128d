package io.jbuild.builder.context;

import io.jbuild.linux.FileStat;
import io.jbuild.linux.TreePath;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A stat index as its file holds it, asked without making an object of each of its records: magic
 * number, count, the records, a hash table with the place of each, the CRC-32 of all that.
 */
final class IndexTable {
  static final IndexTable EMPTY = new IndexTable(emptyBytes());

  static final int MAGIC = 0x6a627332; // "jbs2"
  static final int HEADER = 8;

  // The fields of a record, by their distance from its start.
  static final int HASH = 0;
  static final int PATH_LENGTH = 4;
  static final int SIZE = 8;
  static final int MODIFIED = 16;
  static final int CHANGED = 24;
  static final int INODE = 32;
  static final int MODIFIED_NANOS = 40;
  static final int CHANGED_NANOS = 44;
  static final int HAS_XATTRS = 48;
  static final int AGE = 49;
  static final int DIGEST = 50;
  static final int PATH = DIGEST + ContentDigest.LENGTH;

  private static final int CHECKSUM = Integer.BYTES;

  private final byte[] bytes;
  private final ByteBuffer view;
  private final int count;
  private final int slots;
  private final int table;

  private IndexTable(byte[] bytes) {
    this.bytes = bytes;
    this.view = ByteBuffer.wrap(bytes);
    this.count = view.getInt(4);
    this.slots = slotsFor(count);
    this.table = bytes.length - CHECKSUM - slots * Integer.BYTES;
  }

  /** A file that does not add up is as good as none. */
  static IndexTable of(byte[] bytes) {
    if (bytes.length < HEADER + CHECKSUM) {
      return EMPTY;
    }
    ByteBuffer view = ByteBuffer.wrap(bytes);
    boolean intact =
        view.getInt(0) == MAGIC && view.getInt(bytes.length - CHECKSUM) == checksum(bytes);
    return intact ? new IndexTable(bytes) : EMPTY;
  }

  /** Damage is what it finds, not malice: the store is its owner's alone. */
  static int checksum(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, bytes.length - CHECKSUM);
    return (int) checksum.getValue();
  }

  /** At most half of the table is used. */
  static int slotsFor(int count) {
    return Integer.highestOneBit(Math.max(count, 1)) << 2;
  }

  private static byte[] emptyBytes() {
    return new byte[HEADER + slotsFor(0) * Integer.BYTES + CHECKSUM];
  }

  int count() {
    return count;
  }

  int slots() {
    return slots;
  }

  /** Where the record in a slot begins; 0 for an empty one. */
  int record(int slot) {
    return view.getInt(table + slot * Integer.BYTES);
  }

  /** The slot of a path's record, or -1. */
  int find(TreePath path) {
    return find(path.hashCode(), path.relativeBytes());
  }

  int find(int hash, byte[] path) {
    for (int slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      int at = record(slot);
      if (at == 0) {
        return -1;
      }
      if (view.getInt(at + HASH) == hash && isPath(at, path)) {
        return slot;
      }
    }
  }

  private boolean isPath(int at, byte[] path) {
    int start = at + PATH;
    return view.getInt(at + PATH_LENGTH) == path.length
        && Arrays.equals(bytes, start, start + path.length, path, 0, path.length);
  }

  int hash(int at) {
    return view.getInt(at + HASH);
  }

  byte[] path(int at) {
    return Arrays.copyOfRange(bytes, at + PATH, at + PATH + view.getInt(at + PATH_LENGTH));
  }

  boolean fits(int at, FileStat stat) {
    return view.getLong(at + SIZE) == stat.size()
        && view.getLong(at + INODE) == stat.inode()
        && view.getLong(at + MODIFIED) == stat.modified().seconds()
        && view.getInt(at + MODIFIED_NANOS) == stat.modified().nanos()
        && view.getLong(at + CHANGED) == stat.changed().seconds()
        && view.getInt(at + CHANGED_NANOS) == stat.changed().nanos();
  }

  StatIndex.Known known(int at) {
    byte[] digest = Arrays.copyOfRange(bytes, at + DIGEST, at + PATH);
    return new StatIndex.Known(ContentDigest.owning(digest), bytes[at + HAS_XATTRS] != 0);
  }

  int age(int at) {
    return bytes[at + AGE];
  }

  /** The record as it stands. */
  ByteBuffer raw(int at) {
    return view.slice(at, PATH + view.getInt(at + PATH_LENGTH));
  }

  @Override
  public String toString() {
    return count + " records";
  }
}

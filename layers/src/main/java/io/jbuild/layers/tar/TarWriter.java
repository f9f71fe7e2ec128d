package io.jbuild.layers.tar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes archives in the one canonical form. Equal entries give equal bytes, always:
 *
 * <ul>
 *   <li>ustar headers without user and group names; times in whole seconds, rounded down;
 *   <li>a name of more than 100 bytes is split at a slash if it then fits, as far right as the
 *       prefix allows;
 *   <li>a PAX header in front only for what ustar cannot hold, its keys sorted, its own name {@code
 *       ././@PaxHeader};
 *   <li>names are raw bytes everywhere, also where they are not UTF-8; directories end in a slash;
 *   <li>two zero blocks at the end and no filling up of records.
 * </ul>
 */
public final class TarWriter {
  private static final byte[] PAX_NAME = "././@PaxHeader".getBytes(StandardCharsets.US_ASCII);
  private static final int NAME = 100;
  private static final int PREFIX = 155;
  private static final byte[] ZEROS = new byte[2 * TarReader.BLOCK];

  private final OutputStream out;
  private final byte[] block = new byte[TarReader.BLOCK];
  private long left;
  private int padding;
  private long written;

  /** The stream should be buffered or not mind 512 bytes at a time; it is not closed. */
  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes an entry's headers; exactly its size in bytes has to follow by {@link #write}. */
  public void begin(TarEntry entry) throws IOException {
    requireComplete();
    byte[] name = withSlash(entry);
    int split = splitAt(name);
    SortedMap<String, byte[]> pax = paxRecords(entry, name, split);
    if (!pax.isEmpty()) {
      writePax(PaxRecords.encode(pax));
    }
    Arrays.fill(block, (byte) 0);
    putName(name, split);
    put(157, entry.rawLinkTarget(), NAME);
    putNumbers(entry);
    block[156] = entry.type().flag();
    writeHeader();
    left = entry.size();
    padding = TarReader.paddingOf(left);
  }

  private static byte[] withSlash(TarEntry entry) {
    byte[] name = entry.rawName();
    boolean directory = entry.type() == TarType.DIRECTORY;
    if (!directory || name[name.length - 1] == '/') {
      return name;
    }
    byte[] longer = Arrays.copyOf(name, name.length + 1);
    longer[name.length] = '/';
    return longer;
  }

  /** Where the prefix ends: 0 for none needed, -1 if the name does not fit a ustar header. */
  private static int splitAt(byte[] name) {
    if (name.length <= NAME) {
      return 0;
    }
    for (int i = Math.min(name.length - 2, PREFIX); i > 0; i--) {
      if (name[i] == '/') {
        return name.length - i - 1 <= NAME ? i : -1;
      }
    }
    return -1;
  }

  private static SortedMap<String, byte[]> paxRecords(TarEntry entry, byte[] name, int split)
      throws BadArchiveException {
    SortedMap<String, byte[]> records = new TreeMap<>();
    if (split < 0) {
      records.put("path", name);
    }
    if (entry.rawLinkTarget().length > NAME) {
      records.put("linkpath", entry.rawLinkTarget());
    }
    putUnlessOctal(records, "uid", entry.uid(), 7);
    putUnlessOctal(records, "gid", entry.gid(), 7);
    putUnlessOctal(records, "size", entry.size(), 11);
    putUnlessOctal(records, "mtime", entry.modified().seconds(), 11);
    for (Map.Entry<String, byte[]> each : entry.xattrs().entrySet()) {
      if (each.getKey().indexOf('=') >= 0) {
        throw BadArchiveException.entry(
            name, "a tar archive cannot hold an extended attribute with '=' in its name");
      }
      records.put(PaxRecords.XATTR + each.getKey(), each.getValue());
    }
    return records;
  }

  private static void putUnlessOctal(
      SortedMap<String, byte[]> records, String key, long value, int digits) {
    if (!TarNumbers.fitsOctal(value, digits)) {
      records.put(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void writePax(byte[] body) throws IOException {
    Arrays.fill(block, (byte) 0);
    put(0, PAX_NAME, NAME);
    TarNumbers.putOctal(block, 100, 7, 0644);
    TarNumbers.putOctal(block, 108, 7, 0);
    TarNumbers.putOctal(block, 116, 7, 0);
    TarNumbers.putOctal(block, 124, 11, body.length);
    TarNumbers.putOctal(block, 136, 11, 0);
    block[156] = 'x';
    writeHeader();
    emit(body, 0, body.length);
    emit(ZEROS, 0, TarReader.paddingOf(body.length));
  }

  private void putName(byte[] name, int split) {
    if (split <= 0) {
      put(0, name, NAME);
      return;
    }
    System.arraycopy(name, 0, block, 345, split);
    System.arraycopy(name, split + 1, block, 0, name.length - split - 1);
  }

  private void putNumbers(TarEntry entry) {
    TarNumbers.putOctal(block, 100, 7, entry.permissions());
    putIfOctal(108, 7, entry.uid());
    putIfOctal(116, 7, entry.gid());
    putIfOctal(124, 11, entry.size());
    putIfOctal(136, 11, entry.modified().seconds());
    TarNumbers.putOctal(block, 329, 7, entry.device().major());
    TarNumbers.putOctal(block, 337, 7, entry.device().minor());
  }

  private void putIfOctal(int offset, int digits, long value) {
    TarNumbers.putOctal(block, offset, digits, TarNumbers.fitsOctal(value, digits) ? value : 0);
  }

  private void put(int offset, byte[] bytes, int longest) {
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, longest));
  }

  private void writeHeader() throws IOException {
    put(257, new byte[] {'u', 's', 't', 'a', 'r', 0, '0', '0'}, 8);
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    TarNumbers.putOctal(block, 148, 6, sum);
    block[154] = 0;
    emit(block, 0, block.length);
  }

  /** Writes content of the current entry; more than its size is a bug. */
  public void write(byte[] from, int offset, int length) throws IOException {
    if (length > left) {
      throw new IllegalStateException(length + " bytes of content where " + left + " are left");
    }
    emit(from, offset, length);
    left -= length;
    if (left == 0) {
      emit(ZEROS, 0, padding);
      padding = 0;
    }
  }

  /** Ends the archive. The stream is neither flushed nor closed. */
  public void finish() throws IOException {
    requireComplete();
    emit(ZEROS, 0, ZEROS.length);
  }

  /** Bytes written so far. */
  public long written() {
    return written;
  }

  private void requireComplete() {
    if (left != 0) {
      throw new IllegalStateException(left + " bytes of content are missing");
    }
  }

  private void emit(byte[] from, int offset, int length) throws IOException {
    out.write(from, offset, length);
    written += length;
  }
}

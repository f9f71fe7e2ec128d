package io.jbuild.layers;

import io.jbuild.layers.tar.BadArchiveException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip: any number of members, each with its checksum and length verified, and nothing
 * behind the last. {@link java.util.zip.GZIPInputStream} takes bytes that are no member for the end
 * of the stream.
 */
final class GzipReader extends InputStream {
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  /** Names and comments are of no use to us, but somebody could send one for ever. */
  private static final int LONGEST_TEXT = 1 << 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] input = new byte[1 << 16];
  private int start;
  private int end;
  private boolean inMember;
  private boolean first;

  /** Closes the stream together with itself. */
  GzipReader(InputStream in) {
    this(in, true);
  }

  /**
   * @param first false where members came before, so that the stream may be at its end
   */
  GzipReader(InputStream in, boolean first) {
    this.in = in;
    this.first = first;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inMember || nextMember()) {
      int count = inflate(into, offset, length);
      if (count > 0) {
        crc.update(into, offset, count);
        return count;
      }
      if (inflater.finished()) {
        endMember();
      }
    }
    return -1;
  }

  private int inflate(byte[] into, int offset, int length) throws IOException {
    try {
      if (inflater.needsInput()) {
        requireMore();
        inflater.setInput(input, start, end - start);
        start = end;
      }
      int count = inflater.inflate(into, offset, length);
      if (count == 0 && inflater.needsDictionary()) {
        throw new BadArchiveException("gzip: the data wants a dictionary");
      }
      return count;
    } catch (DataFormatException e) {
      throw new BadArchiveException("gzip: the data is corrupt", e);
    }
  }

  private void endMember() throws IOException {
    start = end - inflater.getRemaining();
    long length = inflater.getBytesWritten() & 0xffff_ffffL;
    inflater.reset();
    if (little(4) != crc.getValue()) {
      throw new BadArchiveException("gzip: the checksum is wrong");
    }
    if (little(4) != length) {
      throw new BadArchiveException("gzip: the length is wrong");
    }
    crc.reset();
    inMember = false;
  }

  /** False at the end of the stream. */
  private boolean nextMember() throws IOException {
    if (!first && !hasMore()) {
      return false;
    }
    String expected = first ? "gzip: it does not begin as gzip" : "gzip: data behind the end";
    first = false;
    if (next() != 0x1f || next() != 0x8b || next() != 8) {
      throw new BadArchiveException(expected);
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw new BadArchiveException("gzip: unknown flags");
    }
    skipBytes(6);
    if ((flags & EXTRA) != 0) {
      skipBytes(little(2));
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skipBytes(2);
    }
    inMember = true;
    return true;
  }

  private long little(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next() << (8 * i);
    }
    return value;
  }

  private void skipBytes(long count) throws IOException {
    for (long i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    for (int i = 0; next() != 0; i++) {
      if (i == LONGEST_TEXT) {
        throw new BadArchiveException(
            "gzip: a name or comment is longer than " + LONGEST_TEXT + " bytes");
      }
    }
  }

  private int next() throws IOException {
    requireMore();
    return input[start++] & 0xff;
  }

  private void requireMore() throws IOException {
    if (!hasMore()) {
      throw new BadArchiveException("gzip: it ends too early");
    }
  }

  private boolean hasMore() throws IOException {
    while (start == end) {
      int count = in.read(input, 0, input.length);
      if (count < 0) {
        return false;
      }
      start = 0;
      end = count;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}

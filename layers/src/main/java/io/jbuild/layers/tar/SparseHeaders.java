package io.jbuild.layers.tar;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** Reads the map of a sparse entry in the format that it has: old GNU, or PAX 0.0, 0.1 and 1.0. */
final class SparseHeaders {
  private final TarReader reader;
  private final TarLimits limits;
  private final SparseMap map;
  private long logicalSize;
  private long mapBytes;

  SparseHeaders(TarReader reader, TarLimits limits) {
    this.reader = reader;
    this.limits = limits;
    this.map = new SparseMap(limits.sparseRegions());
  }

  /** The file's size with its holes. */
  long logicalSize() {
    return logicalSize;
  }

  /** How much of the stored size the map itself took. */
  long mapBytes() {
    return mapBytes;
  }

  /**
   * Four regions in the header, then 21 in each extension block, which the stored size does not
   * count.
   */
  SparseMap oldGnu(byte[] header, long stored) throws IOException {
    logicalSize = required(TarNumbers.parse(header, 483, 12));
    addRegions(header, 386, 4);
    boolean more = header[482] != 0;
    while (more) {
      reader.readBlock(false);
      addRegions(header, 0, 21);
      more = header[504] != 0;
    }
    return map.complete(logicalSize, stored);
  }

  /** A region whose length field is blank ends the list. */
  private void addRegions(byte[] block, int offset, int count) throws BadArchiveException {
    for (int i = 0; i < count; i++) {
      int at = offset + i * 24;
      if (block[at] == 0 && block[at + 12] == 0) {
        return;
      }
      map.add(TarNumbers.parse(block, at, 12), TarNumbers.parse(block, at + 12, 12));
    }
  }

  SparseMap pax(PaxRecords pax, long stored) throws IOException {
    if (pax.has("GNU.sparse.major")) {
      return versioned(pax, stored);
    }
    logicalSize = required(pax.number("GNU.sparse.size"));
    long regions = required(pax.number("GNU.sparse.numblocks"));
    if (pax.has("GNU.sparse.map")) {
      addList(pax.raw("GNU.sparse.map").orElseThrow());
    } else {
      addPairs(pax.sparsePairs());
    }
    if (regions != map.regions()) {
      throw new BadArchiveException(
          "sparse map: " + map.regions() + " regions, " + regions + " stated");
    }
    return map.complete(logicalSize, stored);
  }

  private void addPairs(List<byte[]> pairs) throws BadArchiveException {
    if (pairs.size() % 2 != 0) {
      throw new BadArchiveException("sparse map: an offset without a length");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      map.add(decimal(pairs.get(i)), decimal(pairs.get(i + 1)));
    }
  }

  /** Format 0.1: {@code offset,length,offset,length}. */
  private void addList(byte[] text) throws BadArchiveException {
    int at = 0;
    while (at < text.length) {
      int middle = next(text, at);
      int end = next(text, Math.min(text.length, middle + 1));
      map.add(
          TarNumbers.decimal(text, at, middle),
          TarNumbers.decimal(text, Math.min(end, middle + 1), end));
      at = end + 1;
    }
  }

  private static int next(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] != ',') {
      at++;
    }
    return at;
  }

  private static OptionalLong decimal(byte[] text) {
    return TarNumbers.decimal(text, 0, text.length);
  }

  /** Format 1.0: decimal lines in front of the content, filled up to whole blocks. */
  private SparseMap versioned(PaxRecords pax, long stored) throws IOException {
    if (pax.number("GNU.sparse.major").orElse(-1) != 1
        || pax.number("GNU.sparse.minor").orElse(-1) != 0) {
      throw new BadArchiveException("sparse map: only versions 0.0, 0.1 and 1.0 are known");
    }
    logicalSize = required(pax.number("GNU.sparse.realsize"));
    Lines lines = new Lines(stored);
    long regions = lines.number();
    for (long i = 0; i < regions; i++) {
      map.add(OptionalLong.of(lines.number()), OptionalLong.of(lines.number()));
    }
    mapBytes = lines.read;
    return map.complete(logicalSize, stored - mapBytes);
  }

  private static long required(OptionalLong number) throws BadArchiveException {
    if (number.isEmpty() || number.getAsLong() < 0) {
      throw new BadArchiveException("sparse map: a size or count is missing or not valid");
    }
    return number.getAsLong();
  }

  /** Decimal lines out of blocks, bounded by the stored size and the limit for headers. */
  private final class Lines {
    private final long available;
    private int at = TarReader.BLOCK;
    private long read;

    Lines(long available) {
      this.available = Math.min(available, limits.headerBytes());
    }

    long number() throws IOException {
      long value = 0;
      int digits = 0;
      for (byte each = next(); each != '\n'; each = next()) {
        if (each < '0' || each > '9' || ++digits > 18) {
          throw new BadArchiveException("sparse map: not a number");
        }
        value = value * 10 + (each - '0');
      }
      return required(digits == 0 ? OptionalLong.empty() : OptionalLong.of(value));
    }

    private byte next() throws IOException {
      if (at == TarReader.BLOCK) {
        if (read + TarReader.BLOCK > available) {
          throw new BadArchiveException(
              "sparse map: longer than its entry or than " + limits.headerBytes() + " bytes");
        }
        reader.readBlock(false);
        read += TarReader.BLOCK;
        at = 0;
      }
      return reader.block()[at++];
    }
  }
}

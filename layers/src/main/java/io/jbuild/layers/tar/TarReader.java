package io.jbuild.layers.tar;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Timestamp;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive as a stream: v7, ustar, PAX and GNU headers, and GNU's four sparse formats.
 * Nothing is skipped silently: what one reader would take for an entry and another for data is
 * refused.
 *
 * <p>A PAX {@code size} wins over the header's, so that the bytes it covers are content whatever
 * they look like. The archive ends at its first zero block; a header behind a lone zero block is
 * refused, and bytes behind two are never entries.
 */
public final class TarReader {
  static final int BLOCK = 512;
  private static final byte[] HERE = {'.'};

  private final InputStream in;
  private final TarLimits limits;
  private final byte[] block = new byte[BLOCK];

  private PaxRecords global = PaxRecords.NONE;
  private @Nullable SparseMap sparse;
  private int region;
  private long position;
  private long size;
  private long storedLeft;
  private int padding;
  private boolean ended;

  /** The stream should be buffered; it is not closed. */
  public TarReader(InputStream in, TarLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  public TarReader(InputStream in) {
    this(in, TarLimits.DEFAULT);
  }

  /**
   * The next entry, or empty at the end; content of the one before that was not read is passed
   * over.
   */
  public Optional<TarEntry> next() throws IOException {
    skipRest();
    PendingHeaders pending = new PendingHeaders();
    while (readHeader()) {
      byte type = block[156];
      long length = headerSize();
      switch (type) {
        case 'x' -> pending.pax(PaxRecords.parse(readBody(length)));
        case 'g' -> addGlobal(PaxRecords.parse(readBody(length)));
        case 'L' -> pending.longName(readBody(length));
        case 'K' -> pending.longLink(readBody(length));
        default -> {
          return Optional.of(entry(type, length, pending));
        }
      }
    }
    pending.requireNone();
    return Optional.empty();
  }

  private void addGlobal(PaxRecords records) throws BadArchiveException {
    records.requireHarmlessForAll();
    global = records.over(global);
  }

  /** False at the end of the archive. */
  private boolean readHeader() throws IOException {
    if (ended || !readBlock(true)) {
      ended = true;
      return false;
    }
    if (isZero()) {
      ended = true;
      if (readBlock(true) && !isZero()) {
        throw new BadArchiveException("archive: data behind a lone zero block");
      }
      return false;
    }
    requireChecksum();
    return true;
  }

  private boolean isZero() {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /** Some old writers summed signed bytes. */
  private void requireChecksum() throws BadArchiveException {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte each = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += each & 0xff;
      signed += each;
    }
    OptionalLong stated = TarNumbers.parse(block, 148, 8);
    if (stated.isEmpty() || (stated.getAsLong() != unsigned && stated.getAsLong() != signed)) {
      throw new BadArchiveException("archive: a header's checksum is wrong");
    }
  }

  private long headerSize() throws BadArchiveException {
    OptionalLong stated = TarNumbers.parse(block, 124, 12);
    if (stated.isEmpty() || stated.getAsLong() < 0) {
      throw BadArchiveException.entry(field(0, 100), "its size is not valid");
    }
    return stated.getAsLong();
  }

  private byte[] readBody(long length) throws IOException {
    if (length > limits.headerBytes()) {
      throw new BadArchiveException(
          "archive: an extended header of "
              + length
              + " bytes (the limit is "
              + limits.headerBytes()
              + ")");
    }
    byte[] body = new byte[(int) length];
    readFully(body, 0, body.length);
    readFully(block, 0, paddingOf(length));
    return body;
  }

  private TarEntry entry(byte flag, long headerSize, PendingHeaders pending) throws IOException {
    PaxRecords pax = pending.pax == null ? global : pending.pax.over(global);
    long stored = pax.number("size").orElse(headerSize);
    byte[] name = name(pax, pending);
    TarType type = type(flag, name);
    if (type != TarType.REGULAR && stored != 0) {
      // Whether bytes follow such a header is what readers disagree about.
      throw BadArchiveException.entry(name, "a " + type + " entry states a size of " + stored);
    }
    TarEntry.Builder entry =
        TarEntry.of(type, name)
            .permissions((int) (number(name, "mode", 100, 8) & 07777))
            .owner(id(name, "uid", pax, 108), id(name, "gid", pax, 116))
            .modified(time(name, pax))
            .xattrs(pax.xattrs());
    if (type.isLink()) {
      entry.linkTarget(linkTarget(name, pax, pending));
    }
    if (type.isDevice()) {
      entry.device(device(name));
    }
    startContent(flag, type, name, pax, stored);
    return entry.size(size).build();
  }

  private static TarType type(byte flag, byte[] name) throws BadArchiveException {
    return switch (flag) {
      // The oldest archives have no directory type but a slash.
      case 0 -> name[name.length - 1] == '/' ? TarType.DIRECTORY : TarType.REGULAR;
      case '0', '7', 'S' -> TarType.REGULAR;
      case '1' -> TarType.HARD_LINK;
      case '2' -> TarType.SYMLINK;
      case '3' -> TarType.CHARACTER_DEVICE;
      case '4' -> TarType.BLOCK_DEVICE;
      case '5' -> TarType.DIRECTORY;
      case '6' -> TarType.FIFO;
      default ->
          throw BadArchiveException.entry(
              name, "its type '" + Quoted.of(new byte[] {flag}) + "' is not supported");
    };
  }

  private byte[] name(PaxRecords pax, PendingHeaders pending) throws BadArchiveException {
    Optional<byte[]> named = pax.name("GNU.sparse.name").or(() -> Optional.empty());
    if (named.isEmpty()) {
      named = pax.name("path");
    }
    if (named.isPresent() && pending.longName != null) {
      throw BadArchiveException.entry(named.get(), "it has a PAX and a GNU long name");
    }
    byte[] name = pending.longName != null ? pending.longName : named.orElseGet(this::headerName);
    // As other readers clean it: some archives begin with a nameless entry.
    return name.length == 0 ? HERE.clone() : name;
  }

  private byte[] headerName() {
    byte[] name = field(0, 100);
    int prefixLength = prefixLength();
    if (prefixLength == 0 || block[345] == 0) {
      return name;
    }
    byte[] prefix = field(345, prefixLength);
    byte[] joined = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    joined[prefix.length] = '/';
    System.arraycopy(name, 0, joined, prefix.length + 1, name.length);
    return joined;
  }

  /**
   * GNU's own format keeps other things where ustar has the prefix; star keeps times in its last 24
   * bytes.
   */
  private int prefixLength() {
    boolean ustar = startsWith(257, "ustar\0");
    return !ustar ? 0 : startsWith(508, "tar\0") ? 131 : 155;
  }

  private boolean startsWith(int offset, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (block[offset + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private byte[] field(int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(block, offset, end);
  }

  private byte[] linkTarget(byte[] name, PaxRecords pax, PendingHeaders pending)
      throws BadArchiveException {
    Optional<byte[]> named = pax.name("linkpath");
    if (named.isPresent() && pending.longLink != null) {
      throw BadArchiveException.entry(name, "it has a PAX and a GNU long link target");
    }
    byte[] target =
        pending.longLink != null ? pending.longLink : named.orElseGet(() -> field(157, 100));
    if (target.length == 0) {
      throw BadArchiveException.entry(name, "a link without a target");
    }
    return target;
  }

  private long number(byte[] name, String what, int offset, int length) throws BadArchiveException {
    OptionalLong value = TarNumbers.parse(block, offset, length);
    if (value.isEmpty()) {
      throw BadArchiveException.entry(name, "its " + what + " is not a number");
    }
    return value.getAsLong();
  }

  private long id(byte[] name, String key, PaxRecords pax, int offset) throws BadArchiveException {
    OptionalLong stated = pax.number(key);
    long id = stated.isPresent() ? stated.getAsLong() : number(name, key, offset, 8);
    if (id < 0 || id > TarEntry.MAX_ID) {
      throw BadArchiveException.entry(name, "its " + key + " " + id + " is out of range");
    }
    return id;
  }

  private Timestamp time(byte[] name, PaxRecords pax) throws BadArchiveException {
    Optional<Timestamp> stated = pax.time("mtime");
    return stated.isPresent() ? stated.get() : Timestamp.ofSeconds(number(name, "time", 136, 12));
  }

  private DeviceNumber device(byte[] name) throws BadArchiveException {
    long major = number(name, "device major", 329, 8);
    long minor = number(name, "device minor", 337, 8);
    if (major < 0 || major >= 1 << 12 || minor < 0 || minor >= 1 << 20) {
      throw BadArchiveException.entry(
          name, "its device number " + major + ":" + minor + " is out of range");
    }
    return new DeviceNumber((int) major, (int) minor);
  }

  private void startContent(byte flag, TarType type, byte[] name, PaxRecords pax, long stored)
      throws IOException {
    if (stored > Long.MAX_VALUE - BLOCK) {
      throw BadArchiveException.entry(name, "its size " + stored + " is out of range");
    }
    position = 0;
    region = 0;
    sparse = null;
    size = stored;
    storedLeft = stored;
    padding = paddingOf(stored);
    boolean paxSparse = pax.isSparse();
    if (paxSparse && (flag == 'S' || type != TarType.REGULAR)) {
      throw BadArchiveException.entry(name, "a sparse map does not fit its type");
    }
    if (flag == 'S' || paxSparse) {
      SparseHeaders headers = new SparseHeaders(this, limits);
      sparse = flag == 'S' ? headers.oldGnu(block, stored) : headers.pax(pax, stored);
      size = headers.logicalSize();
      // Format 1.0 keeps its map in front of the content, inside the stored size.
      storedLeft = stored - headers.mapBytes();
    }
  }

  /** Reads content of the current entry, holes as zeros; -1 at its end. */
  public int read(byte[] into, int offset, int length) throws IOException {
    if (position == size) {
      return -1;
    }
    SparseMap map = sparse;
    int wanted = (int) Math.min(length, size - position);
    if (map == null) {
      return readStored(into, offset, wanted);
    }
    while (region < map.regions() && position == map.offset(region) + map.length(region)) {
      region++;
    }
    long dataStart = region < map.regions() ? map.offset(region) : size;
    if (position < dataStart) {
      int zeros = (int) Math.min(wanted, dataStart - position);
      Arrays.fill(into, offset, offset + zeros, (byte) 0);
      position += zeros;
      return zeros;
    }
    return readStored(
        into, offset, (int) Math.min(wanted, dataStart + map.length(region) - position));
  }

  private int readStored(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    if (count < 0) {
      throw new BadArchiveException("archive: it ends inside an entry's content");
    }
    position += count;
    storedLeft -= count;
    return count;
  }

  /** The current entry's content as a stream, which ends with it; closing does nothing. */
  public InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return TarReader.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : TarReader.this.read(into, offset, length);
      }
    };
  }

  private void skipRest() throws IOException {
    byte[] sink = new byte[(int) Math.min(1 << 16, storedLeft)];
    while (storedLeft > 0) {
      int count = (int) Math.min(sink.length, storedLeft);
      readFully(sink, 0, count);
      storedLeft -= count;
    }
    readFully(block, 0, padding);
    padding = 0;
    position = size;
  }

  static int paddingOf(long length) {
    return (int) (-length & (BLOCK - 1));
  }

  /** Fills {@code block}; false at a clean end of the stream, if that may come here. */
  boolean readBlock(boolean mayEnd) throws IOException {
    int count = in.readNBytes(block, 0, BLOCK);
    if (count == BLOCK) {
      return true;
    }
    if (count == 0 && mayEnd) {
      return false;
    }
    throw new BadArchiveException("archive: it ends inside a header");
  }

  byte[] block() {
    return block;
  }

  private void readFully(byte[] into, int offset, int length) throws IOException {
    if (in.readNBytes(into, offset, length) != length) {
      throw new BadArchiveException("archive: it ends inside an entry");
    }
  }

  /** What the extended headers in front of an entry say of it; each kind at most once. */
  private static final class PendingHeaders {
    @Nullable PaxRecords pax;
    byte @Nullable [] longName;
    byte @Nullable [] longLink;

    void pax(PaxRecords records) throws BadArchiveException {
      if (pax != null) {
        throw new BadArchiveException("archive: two PAX headers for one entry");
      }
      pax = records;
    }

    void longName(byte[] body) throws BadArchiveException {
      if (longName != null) {
        throw new BadArchiveException("archive: two GNU long names for one entry");
      }
      longName = untilNul(body);
    }

    void longLink(byte[] body) throws BadArchiveException {
      if (longLink != null) {
        throw new BadArchiveException("archive: two GNU long link targets for one entry");
      }
      longLink = untilNul(body);
    }

    void requireNone() throws BadArchiveException {
      if (pax != null || longName != null || longLink != null) {
        throw new BadArchiveException("archive: an extended header without an entry");
      }
    }

    private static byte[] untilNul(byte[] body) {
      int end = 0;
      while (end < body.length && body[end] != 0) {
        end++;
      }
      return Arrays.copyOf(body, end);
    }
  }
}

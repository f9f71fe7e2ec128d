package io.jbuild.builder.libs;

import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the program headers and the dynamic section. Every count and length in the file is somebody
 * else's claim: it is checked against the file's size and a limit before anything is allocated.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V ABI</a>
 */
final class ElfReader {
  private static final int MAX_PROGRAM_HEADERS = 512;
  private static final int MAX_DYNAMIC = 1 << 20;
  private static final int MAX_NEEDED = 4096;
  private static final int MAX_STRING = 4096;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;

  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_RPATH = 15;
  private static final int DT_RUNPATH = 29;
  private static final long DT_FLAGS_1 = 0x6ffffffbL;
  private static final long DF_1_NODEFLIB = 0x800;

  private record Segment(int type, long offset, long address, long length) {}

  private final FileBytes file;
  private final boolean wide;
  private final ByteOrder order;

  private ElfReader(FileBytes file, byte[] ident) throws IOException {
    this.file = file;
    this.wide = oneOf(ident[4], "class") == 2;
    this.order =
        oneOf(ident[5], "byte order") == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** The ELF file at a path; empty when it does not begin like one. */
  static Optional<ElfFile> read(TreeView tree, TreePath path) throws IOException {
    try (FileBytes file = new FileBytes(tree, path)) {
      byte[] ident = file.upTo(0, 16);
      if (!isElf(ident)) {
        return Optional.empty();
      }
      return Optional.of(new ElfReader(file, ident).parse());
    } catch (EOFException | BadElfException e) {
      throw new BadElfException("damaged ELF file \"" + path + "\": " + e.getMessage());
    }
  }

  static boolean isElf(byte[] start) {
    return start.length >= 16
        && start[0] == 0x7f
        && start[1] == 'E'
        && start[2] == 'L'
        && start[3] == 'F';
  }

  private static int oneOf(byte value, String what) throws BadElfException {
    if (value != 1 && value != 2) {
      throw new BadElfException("unknown " + what + " " + value);
    }
    return value;
  }

  private ElfFile parse() throws IOException {
    ByteBuffer header = file.exactly(0, wide ? 64 : 52, order);
    int machine = Short.toUnsignedInt(header.getShort(18));
    List<Segment> segments = segments(header);
    Optional<String> interpreter = Optional.empty();
    Dynamic dynamic = new Dynamic();
    for (Segment segment : segments) {
      if (segment.type() == PT_INTERP) {
        interpreter = Optional.of(text(segment.offset(), segment.length()));
      } else if (segment.type() == PT_DYNAMIC) {
        dynamic = dynamic(segment);
      }
    }
    ElfFile.Kind kind = new ElfFile.Kind(machine, wide ? 64 : 32, order == ByteOrder.LITTLE_ENDIAN);
    return new ElfFile(
        kind,
        interpreter,
        strings(segments, dynamic, dynamic.needed),
        paths(strings(segments, dynamic, dynamic.rpath)),
        paths(strings(segments, dynamic, dynamic.runpath)),
        !dynamic.noDefaultDirs);
  }

  private List<Segment> segments(ByteBuffer header) throws IOException {
    long offset = wide ? header.getLong(32) : Integer.toUnsignedLong(header.getInt(28));
    int size = Short.toUnsignedInt(header.getShort(wide ? 54 : 42));
    int count = Short.toUnsignedInt(header.getShort(wide ? 56 : 44));
    if (count == 0) {
      return List.of();
    }
    if (count > MAX_PROGRAM_HEADERS || size < (wide ? 56 : 32) || size > 1024) {
      throw new BadElfException(count + " program headers of " + size + " bytes");
    }
    ByteBuffer table = file.exactly(offset, count * size, order);
    List<Segment> segments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      segments.add(segment(table, i * size));
    }
    return segments;
  }

  private Segment segment(ByteBuffer table, int at) {
    int type = table.getInt(at);
    return wide
        ? new Segment(type, table.getLong(at + 8), table.getLong(at + 16), table.getLong(at + 32))
        : new Segment(
            type,
            Integer.toUnsignedLong(table.getInt(at + 4)),
            Integer.toUnsignedLong(table.getInt(at + 8)),
            Integer.toUnsignedLong(table.getInt(at + 16)));
  }

  /** The entries of the dynamic section that matter, strings still as offsets. */
  private static final class Dynamic {
    final List<Long> needed = new ArrayList<>();
    final List<Long> rpath = new ArrayList<>();
    final List<Long> runpath = new ArrayList<>();
    long stringTable;
    boolean noDefaultDirs;

    void add(long tag, long value) throws BadElfException {
      if (tag == DT_NEEDED) {
        needed.add(value);
      } else if (tag == DT_STRTAB) {
        stringTable = value;
      } else if (tag == DT_RPATH) {
        rpath.add(value);
      } else if (tag == DT_RUNPATH) {
        runpath.add(value);
      } else if (tag == DT_FLAGS_1) {
        noDefaultDirs = (value & DF_1_NODEFLIB) != 0;
      }
      if (needed.size() + rpath.size() + runpath.size() > MAX_NEEDED) {
        throw new BadElfException("more than " + MAX_NEEDED + " needed libraries");
      }
    }
  }

  private Dynamic dynamic(Segment segment) throws IOException {
    if (segment.length() < 0 || segment.length() > MAX_DYNAMIC) {
      throw new BadElfException("a dynamic section of " + segment.length() + " bytes");
    }
    ByteBuffer entries = file.exactly(segment.offset(), (int) segment.length(), order);
    Dynamic dynamic = new Dynamic();
    int size = wide ? 16 : 8;
    while (entries.remaining() >= size) {
      long tag = wide ? entries.getLong() : Integer.toUnsignedLong(entries.getInt());
      long value = wide ? entries.getLong() : Integer.toUnsignedLong(entries.getInt());
      if (tag == 0) {
        break;
      }
      dynamic.add(tag, value);
    }
    return dynamic;
  }

  private List<String> strings(List<Segment> segments, Dynamic dynamic, List<Long> offsets)
      throws IOException {
    if (offsets.isEmpty()) {
      return List.of();
    }
    long table = fileOffset(segments, dynamic.stringTable);
    List<String> strings = new ArrayList<>(offsets.size());
    for (long offset : offsets) {
      if (offset < 0 || offset > file.size() - table) {
        throw new BadElfException("a name outside of the file");
      }
      strings.add(text(table + offset, MAX_STRING));
    }
    return strings;
  }

  /**
   * The dynamic section speaks of addresses; the loaded segments say where those are in the file.
   */
  private long fileOffset(List<Segment> segments, long address) throws BadElfException {
    for (Segment segment : segments) {
      long within = address - segment.address();
      if (segment.type() == PT_LOAD && within >= 0 && within < segment.length()) {
        long offset = segment.offset() + within;
        if (offset < 0 || offset > file.size()) {
          break;
        }
        return offset;
      }
    }
    throw new BadElfException("no string table");
  }

  /** A text that ends with NUL. The bytes of a path are kept one to a character. */
  private String text(long offset, long limit) throws IOException {
    byte[] bytes = file.upTo(offset, (int) Math.max(0, Math.min(limit, MAX_STRING)));
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == 0) {
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
      }
    }
    throw new BadElfException("a name without end");
  }

  private static List<String> paths(List<String> lists) {
    List<String> paths = new ArrayList<>();
    for (String list : lists) {
      for (String path : list.split(":", -1)) {
        if (!path.isEmpty()) {
          paths.add(path);
        }
      }
    }
    return paths;
  }
}

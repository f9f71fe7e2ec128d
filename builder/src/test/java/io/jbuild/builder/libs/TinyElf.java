package io.jbuild.builder.libs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The least that a loader would call a program or library: headers, a dynamic section, strings. */
public final class TinyElf {
  private static final int ADDRESS = 0x400000;

  private final boolean wide;
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final List<long[]> entries = new ArrayList<>();
  private String interpreter = "";
  private int machine = 62;

  public TinyElf(boolean wide) {
    this.wide = wide;
    strings.write(0);
  }

  public TinyElf machine(int number) {
    machine = number;
    return this;
  }

  public TinyElf interpreter(String path) {
    interpreter = path;
    return this;
  }

  public TinyElf needed(String... names) {
    for (String name : names) {
      entries.add(new long[] {1, string(name)});
    }
    return this;
  }

  public TinyElf rpath(String paths) {
    entries.add(new long[] {15, string(paths)});
    return this;
  }

  public TinyElf runpath(String paths) {
    entries.add(new long[] {29, string(paths)});
    return this;
  }

  private int string(String text) {
    int offset = strings.size();
    strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    strings.write(0);
    return offset;
  }

  public byte[] bytes() {
    byte[] interp = (interpreter + "\0").getBytes(StandardCharsets.UTF_8);
    boolean hasInterpreter = !interpreter.isEmpty();
    int headers = hasInterpreter ? 3 : 2;
    int headerSize = wide ? 64 : 52;
    int programHeaderSize = wide ? 56 : 32;
    int dynamicAt = headerSize + headers * programHeaderSize;
    int dynamicSize = (entries.size() + 2) * (wide ? 16 : 8);
    int interpAt = dynamicAt + dynamicSize;
    int stringsAt = interpAt + (hasInterpreter ? interp.length : 0);
    int size = stringsAt + strings.size();
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header(out, headerSize, programHeaderSize, headers);
    segment(out, 2, dynamicAt, dynamicSize);
    segment(out, 1, 0, size);
    if (hasInterpreter) {
      segment(out, 3, interpAt, interp.length);
    }
    dynamic(out, stringsAt);
    if (hasInterpreter) {
      out.put(interp);
    }
    out.put(strings.toByteArray());
    return out.array();
  }

  private void header(ByteBuffer out, int headerSize, int programHeaderSize, int headers) {
    out.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1});
    out.position(16);
    out.putShort((short) 3).putShort((short) machine).putInt(1);
    out.putInt(wide ? 32 : 28, headerSize);
    out.putShort(wide ? 54 : 42, (short) programHeaderSize);
    out.putShort(wide ? 56 : 44, (short) headers);
    out.position(headerSize);
  }

  private void segment(ByteBuffer out, int type, int offset, int size) {
    out.putInt(type);
    if (wide) {
      out.putInt(4).putLong(offset).putLong(ADDRESS + offset).putLong(0);
      out.putLong(size).putLong(size).putLong(1);
    } else {
      out.putInt(offset).putInt(ADDRESS + offset).putInt(0);
      out.putInt(size).putInt(size).putInt(4).putInt(1);
    }
  }

  private void dynamic(ByteBuffer out, int stringsAt) {
    List<long[]> all = new ArrayList<>(entries);
    all.add(new long[] {5, ADDRESS + stringsAt});
    all.add(new long[] {0, 0});
    for (long[] entry : all) {
      if (wide) {
        out.putLong(entry[0]).putLong(entry[1]);
      } else {
        out.putInt((int) entry[0]).putInt((int) entry[1]);
      }
    }
  }
}

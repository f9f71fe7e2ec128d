package io.jbuild.linux.spawn;

import com.kenai.jffi.MemoryIO;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.syscall.Arch;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * A program laid out in memory that the collector does not know: it is allocated here and freed by
 * {@link #close}, which the owner calls after the child's exec. Memory freed by the collector in
 * the middle of a native call has failed one spawn in 150 under load.
 */
final class ProgramMemory implements AutoCloseable {
  static final long NOT_RUN = Long.MIN_VALUE;

  private static final int ALIGNMENT = 8;

  private final MemoryIO io = MemoryIO.getInstance();
  private final IdentityHashMap<Object, Long> offsets = new IdentityHashMap<>();
  private final long base;
  private long size;
  private boolean closed;

  ProgramMemory(Program program, Arch architecture) {
    size = (long) program.steps().size() * Step.BYTES;
    program.steps().forEach(step -> step.arguments().forEach(this::reserve));
    base = io.allocateMemory(size, true);
    if (base == 0) {
      throw new OutOfMemoryError(size + " bytes for a spawn program");
    }
    for (int i = 0; i < program.steps().size(); i++) {
      write(program.steps().get(i), stepAddress(i), architecture);
    }
  }

  long address() {
    return base;
  }

  /** The value that step {@code index} returned, or {@link #NOT_RUN}. */
  long result(int index) {
    return io.getLong(stepAddress(index) + Step.RESULT);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      io.freeMemory(base);
    }
  }

  private long stepAddress(int index) {
    return base + (long) index * Step.BYTES;
  }

  private void reserve(Argument argument) {
    if (argument instanceof Buffer buffer) {
      reserve(buffer, buffer.content().length);
    } else if (argument instanceof Argument.ContentOf content) {
      reserve(content.buffer());
    } else if (argument instanceof Argument.Pointing pointing) {
      reserve(pointing.structure());
      reserve(pointing.target());
    } else if (argument instanceof Argument.Strings strings) {
      long bytes = strings.strings().stream().mapToLong(s -> s.length + 1L).sum();
      reserve(strings.strings(), (strings.strings().size() + 1L) * Long.BYTES + bytes);
    }
  }

  private void reserve(Object owner, long bytes) {
    if (offsets.putIfAbsent(owner, size) == null) {
      size += (Math.max(bytes, Long.BYTES) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
  }

  private void write(Step step, long at, Arch architecture) {
    Syscall call = step.call();
    io.putLong(at, call == null ? -1 : call.number(architecture));
    long indirect = 0;
    List<Argument> arguments = step.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = arguments.get(i);
      io.putLong(at + 8 + 8L * i, value(argument));
      if (argument instanceof Argument.ResultOf || argument instanceof Argument.ContentOf) {
        indirect |= 1L << i;
      }
    }
    io.putLong(at + 56, indirect);
    io.putLong(at + 64, step.onError().mask());
    io.putLong(at + Step.RESULT, NOT_RUN);
  }

  private long value(Argument argument) {
    if (argument instanceof Argument.Value number) {
      return number.value();
    } else if (argument instanceof Argument.ResultOf earlier) {
      return stepAddress(earlier.step()) + Step.RESULT;
    } else if (argument instanceof Argument.ContentOf content) {
      return write(content.buffer());
    } else if (argument instanceof Argument.Pointing pointing) {
      long structure = write(pointing.structure());
      io.putLong(structure + pointing.offset(), write(pointing.target()));
      return structure;
    } else if (argument instanceof Argument.Strings strings) {
      return write(strings.strings());
    } else {
      return write((Buffer) argument);
    }
  }

  private long write(Buffer buffer) {
    long at = placeOf(buffer);
    io.putByteArray(at, buffer.content(), 0, buffer.content().length);
    return at;
  }

  private long write(List<byte[]> strings) {
    long pointer = placeOf(strings);
    long text = pointer + (strings.size() + 1L) * Long.BYTES;
    for (byte[] string : strings) {
      io.putLong(pointer, text);
      io.putByteArray(text, string, 0, string.length);
      pointer += Long.BYTES;
      text += string.length + 1L; // the memory is zeroed: NUL and the NULL pointer are there
    }
    return placeOf(strings);
  }

  private long placeOf(Object owner) {
    Long offset = offsets.get(owner);
    if (offset == null) {
      throw new IllegalStateException("no memory reserved for " + owner);
    }
    return base + offset;
  }
}

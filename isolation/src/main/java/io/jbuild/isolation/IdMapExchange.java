package io.jbuild.isolation;

import io.jbuild.isolation.plan.WaitForIdMaps;
import io.jbuild.linux.FdStreams;
import io.jbuild.linux.Pipe;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * The talk between a child in a new user namespace, which waits, and the parent, which maps ids.
 */
final class IdMapExchange implements Closeable {
  private final IdMappings mappings;
  private final Pipe ready;
  private final Pipe go;

  private IdMapExchange(IdMappings mappings, Pipe ready, Pipe go) {
    this.mappings = mappings;
    this.ready = ready;
    this.go = go;
  }

  static IdMapExchange open(IdMappings mappings) throws IOException {
    Pipe ready = Pipe.open();
    try {
      return new IdMapExchange(mappings, ready, Pipe.open());
    } catch (IOException e) {
      ready.close();
      throw e;
    }
  }

  WaitForIdMaps childSide() {
    return new WaitForIdMaps(ready.writeEnd(), go.readEnd(), go.writeEnd());
  }

  /** To be called when the child has gone on or ended, lest {@link #answer} waits for ever. */
  void childIsThrough() {
    ready.writeEnd().close();
  }

  /** Waits for the child, maps its ids and lets it go on; returns at once when it has ended. */
  void answer(IntSupplier pid) throws IOException {
    InputStream fromChild = FdStreams.input(ready.readEnd());
    if (fromChild.read() < 0) {
      return;
    }
    Path process = Path.of("/proc/" + pid.getAsInt());
    write(process.resolve("uid_map"), mappings.users());
    write(process.resolve("gid_map"), mappings.groups());
    OutputStream toChild = FdStreams.output(go.writeEnd());
    toChild.write(1);
  }

  private static void write(Path file, List<IdMapping> mappings) throws IOException {
    String lines = mappings.stream().map(m -> m + "\n").collect(Collectors.joining());
    try {
      Files.writeString(file, lines); // one write(2): the kernel takes a map as a whole
    } catch (IOException e) {
      throw new IOException("map ids by \"" + file + "\": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    ready.close();
    go.close();
  }
}

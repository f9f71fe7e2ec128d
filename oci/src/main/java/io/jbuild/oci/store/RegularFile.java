package io.jbuild.oci.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A regular file open for reading, reached through no symbolic link in its last part.
 *
 * <p>The type is looked at before opening, because opening a FIFO would wait for a writer; the open
 * itself refuses a link that took the file's place in between.
 */
final class RegularFile implements Closeable {
  private final Path path;
  private final SeekableByteChannel channel;

  private RegularFile(Path path, SeekableByteChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Throws NoSuchFileException where nothing is. */
  static RegularFile open(Path path) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new IOException("not a regular file: " + path);
    }
    return new RegularFile(
        path,
        Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
  }

  long size() throws IOException {
    return channel.size();
  }

  /** For reading once; closing it closes the file. */
  InputStream stream() {
    return Channels.newInputStream(channel);
  }

  byte[] readAll(int limit) throws IOException {
    long size = channel.size();
    if (size > limit) {
      throw new IOException(path + " has " + size + " bytes, more than the limit of " + limit);
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) size);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // Until the size seen above is read: a file that shrinks meanwhile gives less.
    }
    byte[] content = new byte[buffer.position()];
    buffer.flip().get(content);
    return content;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

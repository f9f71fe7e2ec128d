package io.jbuild.oci.store;

import io.jbuild.oci.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How a record lies on disk: a line with the SHA-256 of key and content, then the content. The key
 * is part of the sum, so that a record under another's name is found out as well.
 */
final class RecordFrame {
  private static final byte[] MAGIC = "jbuild-record 1 ".getBytes(StandardCharsets.US_ASCII);
  private static final int SUM = 64;
  private static final int HEADER = MAGIC.length + SUM + 1;

  private RecordFrame() {}

  static byte[] wrap(Digest key, byte[] content) {
    return ByteBuffer.allocate(HEADER + content.length)
        .put(MAGIC)
        .put(sum(key, content))
        .put((byte) '\n')
        .put(content)
        .array();
  }

  static byte[] unwrap(Path path, Digest key, byte[] frame) throws RecordCorruptException {
    if (frame.length < HEADER) {
      throw new RecordCorruptException(path, "it has only " + frame.length + " bytes");
    }
    if (!Arrays.equals(frame, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || frame[HEADER - 1] != '\n') {
      throw new RecordCorruptException(path, "it does not begin as a record");
    }
    byte[] content = Arrays.copyOfRange(frame, HEADER, frame.length);
    byte[] sum = Arrays.copyOfRange(frame, MAGIC.length, MAGIC.length + SUM);
    if (!Arrays.equals(sum, sum(key, content))) {
      throw new RecordCorruptException(path, "its checksum is wrong");
    }
    return content;
  }

  private static byte[] sum(Digest key, byte[] content) {
    byte[] name = (key + "\n").getBytes(StandardCharsets.US_ASCII);
    return Digest.Algorithm.SHA256
        .newDigester()
        .update(name)
        .update(content)
        .finish()
        .hex()
        .getBytes(StandardCharsets.US_ASCII);
  }
}

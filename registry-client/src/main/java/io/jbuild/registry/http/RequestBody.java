package io.jbuild.registry.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** What a request sends; opened anew each time that the request is sent. */
public interface RequestBody {

  long length();

  /** The caller closes it; it must yield exactly {@link #length} bytes. */
  InputStream open() throws IOException;

  /** Told how many bytes of it were handed to the connection so far. */
  default LongConsumer progress() {
    return sent -> {};
  }

  static RequestBody of(byte[] bytes) {
    byte[] copy = bytes.clone();
    return new RequestBody() {
      @Override
      public long length() {
        return copy.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(copy);
      }
    };
  }
}

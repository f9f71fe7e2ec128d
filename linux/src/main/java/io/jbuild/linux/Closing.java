package io.jbuild.linux;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Things to close in reverse order; all are, the first error is kept and the others suppressed. For
 * one thread at a time.
 */
public final class Closing implements Closeable {
  private final Deque<Closeable> things = new ArrayDeque<>();

  /** Closes it when this is closed, before what was added earlier. */
  public <T extends Closeable> T add(T thing) {
    things.push(thing);
    return thing;
  }

  /** Closes because of a failure: what goes wrong now is added to it. */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    @Nullable IOException first = null;
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}

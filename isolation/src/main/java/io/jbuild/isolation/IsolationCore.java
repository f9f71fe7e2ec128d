package io.jbuild.isolation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** Makes sandboxes. One per process is enough; any number may share a runtime directory. */
public final class IsolationCore implements Closeable {
  private IsolationCore() {}

  /**
   * @param runtimeDirectory a private directory for locks and mount points, made if missing; best
   *     on a tmpfs such as /run
   */
  public static IsolationCore open(Path runtimeDirectory) throws IOException {
    return new IsolationCore();
  }

  /** Returns when the command has been executed; an error before that leaves nothing behind. */
  @SuppressWarnings("DoNotCallSuggester") // until the plan can be compiled
  public Sandbox start(SandboxSpec spec, Stdio io) throws IOException {
    throw new UnsupportedOperationException(spec + " " + io);
  }

  /** Removes what processes that are dead by now have left; returns how many owners were dead. */
  public int sweep() throws IOException {
    return 0;
  }

  @Override
  public void close() throws IOException {}
}

package io.jbuild.layers;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Compresses a stream block by block on several threads. Blocks are cut by size alone and written
 * in order, so the bytes depend on neither the threads nor the sizes of writes.
 *
 * <p>The thread that writes compresses whatever block nobody has begun when it is needed; an
 * executor without a free thread therefore makes this slower but never stops it.
 */
final class BlockCompressor extends OutputStream {
  private final BlockCoder coder;
  private final Executor executor;
  private final int ahead;
  private final OutputStream out;
  private final Deque<FutureTask<byte[]>> pending = new ArrayDeque<>();
  private byte[] block;
  private int filled;
  private boolean any;

  /**
   * @param ahead blocks in work at once, which bounds the memory
   * @param out stays the caller's
   */
  BlockCompressor(BlockCoder coder, Executor executor, int ahead, OutputStream out) {
    this.coder = coder;
    this.executor = executor;
    this.ahead = Math.max(1, ahead);
    this.out = out;
    this.block = new byte[coder.blockSize()];
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int count = Math.min(length - done, block.length - filled);
      System.arraycopy(from, offset + done, block, filled, count);
      filled += count;
      done += count;
      if (filled == block.length) {
        submit();
      }
    }
  }

  private void submit() throws IOException {
    byte[] full = block;
    int length = filled;
    FutureTask<byte[]> task = new FutureTask<>(() -> coder.encode(full, length));
    pending.add(task);
    executor.execute(task);
    any = true;
    block = new byte[coder.blockSize()];
    filled = 0;
    while (pending.size() >= ahead) {
      emit();
    }
  }

  private void emit() throws IOException {
    FutureTask<byte[]> task = pending.remove();
    task.run();
    try {
      out.write(task.get());
    } catch (ExecutionException e) {
      throw new IOException("compress: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("compress: interrupted");
    }
  }

  /** Writes everything out; an empty stream becomes one empty block. */
  void finish() throws IOException {
    if (filled > 0 || !any) {
      submit();
    }
    while (!pending.isEmpty()) {
      emit();
    }
  }

  @Override
  public void close() {
    pending.forEach(task -> task.cancel(false));
    pending.clear();
  }
}

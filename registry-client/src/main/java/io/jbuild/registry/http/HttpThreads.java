package io.jbuild.registry.http;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads in which the HTTP client moves bytes between sockets and our queues. They never
 * read a source nor run a caller's code, only a look-up of a host name can hold one, so a handful
 * is enough for any number of transfers.
 */
final class HttpThreads implements Executor {
  private static final int THREADS = 4;

  private final ThreadPoolExecutor pool;

  HttpThreads() {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "registry-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }
}

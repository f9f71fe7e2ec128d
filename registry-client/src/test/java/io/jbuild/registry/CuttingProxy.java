package io.jbuild.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes bytes on to a port of loopback, and cuts the first connections after so many of them. */
final class CuttingProxy implements Closeable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final int bytes;
  private final AtomicInteger cuts;

  CuttingProxy(int target, int bytes, int cuts) throws IOException {
    this.target = target;
    this.bytes = bytes;
    this.cuts = new AtomicInteger(cuts);
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections are still to be cut. */
  int left() {
    return cuts.get();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      start(() -> pass(client, server));
      start(() -> pass(server, client));
    } catch (IOException e) {
      client.close(); // as if refused: the registry is not up
    }
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      long passed = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        passed += count;
        if (passed > bytes && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          return;
        }
      }
    } catch (IOException e) {
      return; // one side is gone, and so is the other now
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}

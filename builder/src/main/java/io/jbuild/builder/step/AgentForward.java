package io.jbuild.builder.step;

import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket through which a step reaches the caller's SSH agent. It is a socket of its own because
 * an agent looks at who connects: one of root's refuses the user that a step runs as. It lets a
 * step list the keys and sign with them, not add, remove or lock any.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent">the protocol</a>
 */
final class AgentForward implements Closeable {
  static final Name SOCKET = Name.of("agent");

  /** As OpenSSH's own limit. */
  private static final int LONGEST_MESSAGE = 256 << 10;

  private static final byte FAILURE = 5;
  private static final byte REQUEST_IDENTITIES = 11;
  private static final byte SIGN_REQUEST = 13;

  private final Path agent;
  private final ServerSocketChannel server;
  private final List<SocketChannel> open = new ArrayList<>();
  private final Thread acceptor;
  private boolean closed;

  private AgentForward(Path agent, ServerSocketChannel server) {
    this.agent = agent;
    this.server = server;
    this.acceptor = thread(this::accept);
  }

  /** Makes the socket in a directory of ours and serves it until this is closed. */
  static AgentForward start(KernelDir directory, Path agent) throws IOException {
    // A socket's path may have 107 bytes only; this one is always short.
    Path path = Path.of("/proc/self/fd/" + directory.fd().number(), SOCKET.toString());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    AgentForward forward = new AgentForward(agent, server);
    forward.acceptor.start();
    return forward;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "jbuild-ssh-agent");
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        thread(() -> serve(client)).start();
      }
    } catch (IOException e) {
      // Closed: the step is over.
    }
  }

  private void serve(SocketChannel client) {
    try (client;
        SocketChannel toAgent = SocketChannel.open(UnixDomainSocketAddress.of(agent))) {
      keep(client, toAgent);
      DataInputStream requests = new DataInputStream(Channels.newInputStream(client));
      DataOutputStream replies = new DataOutputStream(Channels.newOutputStream(client));
      DataInputStream fromAgent = new DataInputStream(Channels.newInputStream(toAgent));
      DataOutputStream agentInput = new DataOutputStream(Channels.newOutputStream(toAgent));
      while (true) {
        byte[] request = message(requests);
        if (request[0] == REQUEST_IDENTITIES || request[0] == SIGN_REQUEST) {
          send(agentInput, request);
          send(replies, message(fromAgent));
        } else {
          send(replies, new byte[] {FAILURE});
        }
      }
    } catch (IOException e) {
      // Either side is done or gone; the other one sees its connection end.
    } finally {
      forget(client);
    }
  }

  private static byte[] message(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 1 || length > LONGEST_MESSAGE) {
      throw new IOException("a message of " + length + " bytes");
    }
    byte[] message = new byte[length];
    in.readFully(message);
    return message;
  }

  private static void send(DataOutputStream out, byte[] message) throws IOException {
    byte[] framed = new byte[4 + message.length];
    java.nio.ByteBuffer.wrap(framed).putInt(message.length).put(message);
    out.write(framed);
    out.flush();
  }

  private synchronized void keep(SocketChannel client, SocketChannel toAgent) throws IOException {
    if (closed) {
      throw new InterruptedIOException("the step is over");
    }
    open.add(client);
    open.add(toAgent);
  }

  private synchronized void forget(SocketChannel client) {
    int index = open.indexOf(client);
    if (index >= 0) {
      open.subList(index, index + 2).clear();
    }
  }

  @Override
  public void close() throws IOException {
    List<SocketChannel> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(open);
    }
    server.close();
    for (SocketChannel channel : left) {
      channel.close();
    }
    try {
      // The kernel's socket is closed by the last thread that used it.
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.jbuild.builder.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.linux.KernelDir;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against an agent that answers each request with its own bytes, one added to the first. */
@Timeout(20)
class AgentForwardTest {
  @TempDir private Path temporary;
  private ServerSocketChannel agent;
  private KernelDir directory;
  private AgentForward forward;
  private CompletableFuture<Void> serving;

  @BeforeEach
  void start() throws Exception {
    Path socket = temporary.resolve("real");
    agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    agent.bind(UnixDomainSocketAddress.of(socket));
    serving = CompletableFuture.runAsync(this::serveOne);
    directory = KernelDir.open(temporary);
    forward = AgentForward.start(directory, socket);
  }

  @AfterEach
  void stop() throws Exception {
    forward.close();
    directory.close();
    agent.close();
    serving.join();
  }

  private void serveOne() {
    try (SocketChannel client = agent.accept()) {
      while (true) {
        byte[] request = read(client);
        request[0]++;
        write(client, request);
      }
    } catch (IOException e) {
      // The end of the test.
    }
  }

  private static byte[] read(SocketChannel channel) throws IOException {
    ByteBuffer length = fill(channel, ByteBuffer.allocate(4));
    return fill(channel, ByteBuffer.allocate(length.getInt())).array();
  }

  private static ByteBuffer fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("closed");
      }
    }
    return buffer.flip();
  }

  private static void write(SocketChannel channel, byte[] message) throws IOException {
    ByteBuffer framed = ByteBuffer.allocate(4 + message.length);
    framed.putInt(message.length).put(message).flip();
    while (framed.hasRemaining()) {
      channel.write(framed);
    }
  }

  private static byte[] ask(SocketChannel channel, int... request) throws IOException {
    byte[] bytes = new byte[request.length];
    for (int i = 0; i < request.length; i++) {
      bytes[i] = (byte) request[i];
    }
    write(channel, bytes);
    return read(channel);
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(temporary.resolve("agent")));
  }

  @Test
  void listAndSign_reachTheAgent() throws Exception {
    try (SocketChannel client = connect()) {
      assertArrayEquals(new byte[] {12}, ask(client, 11));
      assertArrayEquals(new byte[] {14, 7, 8}, ask(client, 13, 7, 8));
    }
  }

  @Test
  void everythingElse_isAnsweredWithFailure() throws Exception {
    try (SocketChannel client = connect()) {
      for (int type = 0; type < 256; type++) {
        byte[] expected = {type == 11 || type == 13 ? (byte) (type + 1) : 5};
        assertArrayEquals(expected, ask(client, type), "request " + type);
      }
    }
  }

  @Test
  void hugeMessage_endsTheConnection() throws Exception {
    try (SocketChannel client = connect()) {
      client.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
      assertEquals(-1, client.read(ByteBuffer.allocate(1)));
    }
  }

  @Test
  void close_endsWhatIsOpen() throws Exception {
    try (SocketChannel client = connect()) {
      assertArrayEquals(new byte[] {12}, ask(client, 11));
      forward.close();
      assertEquals(-1, client.read(ByteBuffer.allocate(1)));
      assertThrows(IOException.class, this::connect);
    }
  }
}

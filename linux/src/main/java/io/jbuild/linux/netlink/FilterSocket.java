package io.jbuild.linux.netlink;

import io.jbuild.linux.LinuxException;
import java.io.Closeable;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The packet filter, nf_tables, of one network namespace. A table that is made here belongs to this
 * socket: nobody else can change it, and the kernel takes it away with the socket, however the
 * process ends.
 */
public final class FilterSocket implements Closeable {
  private static final int SUBSYSTEM = 10 << 8;
  private static final int BATCH_BEGIN = 16;
  private static final int BATCH_END = 17;
  private static final int NEW_TABLE = SUBSYSTEM;
  private static final int NEW_CHAIN = SUBSYSTEM | 3;
  private static final int GET_CHAIN = SUBSYSTEM | 4;
  private static final int NEW_RULE = SUBSYSTEM | 6;

  private static final int UNSPECIFIED = 0;

  /** NFPROTO_INET: IPv4 and IPv6 in one table. */
  private static final int BOTH = 1;

  private static final int TABLE = 1;
  private static final int TABLE_FLAGS = 2;
  private static final int OWNED = 2;
  private static final int CHAIN_TABLE = 1;
  private static final int CHAIN_NAME = 3;
  private static final int CHAIN_HOOK = 4;
  private static final int CHAIN_POLICY = 5;
  private static final int CHAIN_TYPE = 7;
  private static final int HOOK_NUMBER = 1;
  private static final int HOOK_PRIORITY = 2;
  private static final int ACCEPT = 1;
  private static final int RULE_TABLE = 1;
  private static final int RULE_CHAIN = 2;
  private static final int RULE_EXPRESSIONS = 4;

  private final NetlinkSocket socket;

  private FilterSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Where packets meet a chain. */
  public enum Hook {
    FORWARD(2),
    AFTER_ROUTING(4);

    private final int number;

    Hook(int number) {
      this.number = number;
    }
  }

  /**
   * A chain of a new table, whose packets go on unless a rule says otherwise.
   *
   * @param type {@code nat} or {@code filter}
   */
  public record Chain(String name, String type, Hook hook, int priority, List<Rule> rules) {
    public Chain {
      rules = List.copyOf(rules);
    }
  }

  /** A chain that packets meet at a hook, as somebody has made it. */
  public record Found(String table, String name, Hook hook, boolean drops) {}

  /** Of the network namespace of the calling thread; EPROTONOSUPPORT without nf_tables. */
  public static FilterSocket open() throws LinuxException {
    return new FilterSocket(NetlinkSocket.open(NetlinkSocket.NETFILTER));
  }

  /** Makes a table for IPv4 and IPv6, whole or not at all. EEXIST where the name is taken. */
  public void addTable(String name, List<Chain> chains) throws LinuxException {
    List<Message> batch = new ArrayList<>();
    batch.add(batch(BATCH_BEGIN));
    batch.add(
        message(NEW_TABLE, Message.ACK | Message.CREATE | Message.EXCLUSIVE, BOTH)
            .text(TABLE, name)
            .netNumber(TABLE_FLAGS, OWNED));
    for (Chain chain : chains) {
      batch.add(chain(name, chain));
      for (Rule rule : chain.rules()) {
        batch.add(
            message(NEW_RULE, Message.ACK | Message.CREATE | Message.APPEND, BOTH)
                .text(RULE_TABLE, name)
                .text(RULE_CHAIN, chain.name())
                .nested(RULE_EXPRESSIONS, rule::write));
      }
    }
    batch.add(batch(BATCH_END));
    socket.executeAtOnce("make the packet filter's table " + name, batch);
  }

  private static Message chain(String table, Chain chain) {
    return message(NEW_CHAIN, Message.ACK | Message.CREATE | Message.EXCLUSIVE, BOTH)
        .text(CHAIN_TABLE, table)
        .text(CHAIN_NAME, chain.name())
        .nested(
            CHAIN_HOOK,
            hook ->
                hook.netNumber(HOOK_NUMBER, chain.hook().number)
                    .netNumber(HOOK_PRIORITY, chain.priority()))
        .netNumber(CHAIN_POLICY, ACCEPT)
        .text(CHAIN_TYPE, chain.type());
  }

  /** Everybody's chains at the hook. */
  public List<Found> chains(Hook hook) throws LinuxException {
    List<Found> found = new ArrayList<>();
    Message request = message(GET_CHAIN, Message.DUMP, UNSPECIFIED);
    for (Reply reply : socket.dump("list the packet filter's chains", request)) {
      Attributes chain = reply.attributes(4);
      OptionalInt number = chain.nested(CHAIN_HOOK).netNumber(HOOK_NUMBER);
      OptionalInt policy = chain.netNumber(CHAIN_POLICY);
      if (number.isPresent() && number.getAsInt() == hook.number) {
        found.add(
            new Found(
                chain.text(CHAIN_TABLE),
                chain.text(CHAIN_NAME),
                hook,
                policy.isPresent() && policy.getAsInt() != ACCEPT));
      }
    }
    return found;
  }

  private static Message batch(int type) {
    return new Message(type, 0).u8(UNSPECIFIED).u8(0).u16(swapped(SUBSYSTEM >> 8));
  }

  /** {@code nfgenmsg}. */
  private static Message message(int type, int flags, int family) {
    return new Message(type, flags).u8(family).u8(0).u16(0);
  }

  /** A short number in the order of the network. */
  private static int swapped(int number) {
    short value = (short) number;
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes(value) : value;
  }

  @Override
  public void close() {
    socket.close();
  }
}

package io.jbuild.linux.netlink;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A rule of the packet filter: conditions in their order, and what happens to a packet that meets
 * them all. Made by {@link #that}.
 */
public final class Rule {
  private static final int ELEMENT = 1;
  private static final int EXPRESSION_NAME = 1;
  private static final int EXPRESSION_DATA = 2;
  private static final int REGISTER_1 = 1;
  private static final int VERDICT_REGISTER = 0;

  private static final int IN_NAME = 6;
  private static final int OUT_NAME = 7;
  private static final int PROTOCOL = 15;
  private static final int IPV4 = 2;
  private static final int IPV6 = 10;

  private static final int NETWORK_HEADER = 1;
  private static final int SOURCE_4 = 12;
  private static final int DESTINATION_4 = 16;
  private static final int SOURCE_6 = 8;
  private static final int DESTINATION_6 = 24;

  private static final int EQUAL = 0;
  private static final int NOT_EQUAL = 1;
  private static final int VALUE = 1;
  private static final int VERDICT = 2;
  private static final int VERDICT_CODE = 1;
  private static final int NF_DROP = 0;

  private final List<Consumer<Message>> expressions;

  private Rule(List<Consumer<Message>> expressions) {
    this.expressions = List.copyOf(expressions);
  }

  void write(Message out) {
    expressions.forEach(expression -> out.nested(ELEMENT, expression));
  }

  /** A rule in the making. */
  public static Builder that() {
    return new Builder();
  }

  /** Which packets, and then what. */
  public static final class Builder {
    private final List<Consumer<Message>> expressions = new ArrayList<>();

    private Builder() {}

    /** Of an interface whose name begins so. */
    public Builder comesFrom(String prefix) {
      return name(IN_NAME, prefix);
    }

    /** To an interface whose name begins so. */
    public Builder goesTo(String prefix) {
      return name(OUT_NAME, prefix);
    }

    /**
     * From an address of the network.
     *
     * @param prefix in bits, a multiple of eight
     */
    public Builder isFrom(InetAddress network, int prefix, boolean yes) {
      boolean v4 = Addresses.isV4(network);
      return address(network, v4 ? SOURCE_4 : SOURCE_6, prefix, yes);
    }

    /** To an address of the network, or of any other. */
    public Builder isFor(InetAddress network, int prefix, boolean yes) {
      boolean v4 = Addresses.isV4(network);
      return address(network, v4 ? DESTINATION_4 : DESTINATION_6, prefix, yes);
    }

    /** Packets of the same protocol as this address. */
    public Builder isKindOf(InetAddress address) {
      byte[] protocol = {(byte) (Addresses.isV4(address) ? IPV4 : IPV6)};
      meta(PROTOCOL);
      return compare(EQUAL, protocol);
    }

    /** It gets the address of the interface that it leaves by. */
    public Rule isMasked() {
      expression("masq", data -> {});
      return new Rule(expressions);
    }

    /** It is thrown away. */
    public Rule isDropped() {
      expression(
          "immediate",
          data ->
              data.netNumber(1, VERDICT_REGISTER)
                  .nested(
                      2,
                      value ->
                          value.nested(
                              VERDICT, verdict -> verdict.netNumber(VERDICT_CODE, NF_DROP))));
      return new Rule(expressions);
    }

    private Builder name(int key, String prefix) {
      meta(key);
      return compare(EQUAL, prefix.getBytes(StandardCharsets.US_ASCII));
    }

    private void meta(int key) {
      expression("meta", data -> data.netNumber(1, REGISTER_1).netNumber(2, key));
    }

    private Builder address(InetAddress network, int offset, int prefix, boolean yes) {
      if (prefix % 8 != 0 || prefix < 8) {
        throw new IllegalArgumentException("a prefix of " + prefix + " bits");
      }
      int length = prefix / 8;
      expression(
          "payload",
          data ->
              data.netNumber(1, REGISTER_1)
                  .netNumber(2, NETWORK_HEADER)
                  .netNumber(3, offset)
                  .netNumber(4, length));
      return compare(yes ? EQUAL : NOT_EQUAL, Arrays.copyOf(network.getAddress(), length));
    }

    private Builder compare(int operation, byte[] bytes) {
      expression(
          "cmp",
          data ->
              data.netNumber(1, REGISTER_1)
                  .netNumber(2, operation)
                  .nested(3, value -> value.attribute(VALUE, bytes)));
      return this;
    }

    private void expression(String name, Consumer<Message> data) {
      expressions.add(out -> out.text(EXPRESSION_NAME, name).nested(EXPRESSION_DATA, data));
    }
  }
}

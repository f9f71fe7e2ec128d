package io.jbuild.layers.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Writes archives that no decent program writes: each field is whatever the test says. */
public final class RawTar {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * A ustar header with root's file of mode 0644, changed by {@code edit} before the checksum is
   * made.
   */
  public RawTar header(char type, String name, long size, Consumer<byte[]> edit) {
    byte[] block = new byte[512];
    put(block, 0, name);
    put(block, 100, "0000644\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, String.format("%011o\0", size));
    put(block, 136, "00000000000\0");
    block[156] = (byte) type;
    put(block, 257, "ustar\00000");
    edit.accept(block);
    sum(block);
    out.writeBytes(block);
    return this;
  }

  public RawTar header(char type, String name, long size) {
    return header(type, name, size, block -> {});
  }

  public RawTar file(String name, String content) {
    return header('0', name, content.length()).data(content);
  }

  public RawTar dir(String name) {
    return header('5', name, 0, block -> put(block, 100, "0000755\0"));
  }

  public RawTar link(char type, String name, String target) {
    return header(type, name, 0, block -> put(block, 157, target));
  }

  public RawTar pax(String... records) {
    return pax('x', records);
  }

  public RawTar pax(char type, String... records) {
    StringBuilder body = new StringBuilder();
    for (String record : records) {
      body.append(record(record));
    }
    return header(type, "pax", body.length()).data(body.toString());
  }

  /** {@code key=value} with its length in front. */
  public static String record(String keyValue) {
    int rest = keyValue.length() + 2;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    return length + " " + keyValue + "\n";
  }

  /** Latin-1 content, filled up to a block. */
  public RawTar data(String content) {
    out.writeBytes(content.getBytes(StandardCharsets.ISO_8859_1));
    return raw(new byte[-content.length() & 511]);
  }

  public RawTar raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public byte[] end() {
    return raw(new byte[1024]).unfinished();
  }

  public byte[] unfinished() {
    return out.toByteArray();
  }

  public static void put(byte[] block, int offset, String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  public static void base256(byte[] block, int offset, int length, java.math.BigInteger value) {
    byte[] bytes = value.toByteArray();
    Arrays.fill(block, offset, offset + length, (byte) (value.signum() < 0 ? 0xff : 0));
    int at = offset + length - bytes.length;
    System.arraycopy(bytes, 0, block, at, bytes.length);
    block[offset] |= (byte) 0x80;
  }

  private static void sum(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    put(block, 148, String.format("%06o\0 ", sum));
  }
}

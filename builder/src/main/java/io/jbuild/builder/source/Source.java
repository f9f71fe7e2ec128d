package io.jbuild.builder.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A named text, cut into lines. Lines keep their terminator, because here-documents keep it too.
 *
 * <p>Bytes that are not UTF-8 become U+FFFD in the text; {@link #invalidUtf8} tells which lines
 * they were in, so that a parser can refuse them where they matter (a comment may hold anything).
 */
public final class Source {
  private static final char REPLACEMENT = '\uFFFD';
  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final String name;
  private final List<String> lines;
  private final List<Boolean> invalid;
  private final Optional<Inclusion> inclusion;

  private Source(
      String name, List<String> lines, List<Boolean> invalid, Optional<Inclusion> inclusion) {
    this.name = name;
    this.lines = List.copyOf(lines);
    this.invalid = List.copyOf(invalid);
    this.inclusion = inclusion;
  }

  /** Where another source includes one. */
  public record Inclusion(Source by, SourceRange at) {}

  /** Reads bytes; a UTF-8 byte order mark at the start is dropped. */
  public static Source of(String name, byte[] bytes) {
    return of(name, bytes, Optional.empty());
  }

  /** As {@link #of(String, byte[])}, for a text that another one includes. */
  public static Source included(String name, byte[] bytes, Source by, SourceRange at) {
    return of(name, bytes, Optional.of(new Inclusion(by, at)));
  }

  private static Source of(String name, byte[] bytes, Optional<Inclusion> inclusion) {
    List<String> lines = new ArrayList<>();
    List<Boolean> invalid = new ArrayList<>();
    int start = startsWithBom(bytes) ? BOM.length : 0;
    while (start < bytes.length) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      end = Math.min(end + 1, bytes.length);
      String line = new String(bytes, start, end - start, StandardCharsets.UTF_8);
      lines.add(line);
      invalid.add(line.indexOf(REPLACEMENT) >= 0 && !sameBytes(line, bytes, start, end));
      start = end;
    }
    return new Source(name, lines, invalid, inclusion);
  }

  public static Source of(String name, String text) {
    return of(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean startsWithBom(byte[] bytes) {
    return bytes.length >= 3 && bytes[0] == BOM[0] && bytes[1] == BOM[1] && bytes[2] == BOM[2];
  }

  private static boolean sameBytes(String line, byte[] bytes, int start, int end) {
    byte[] again = line.getBytes(StandardCharsets.UTF_8);
    return java.util.Arrays.equals(again, 0, again.length, bytes, start, end);
  }

  /** What the user calls this text: a path as given, {@code -}, or a description. */
  public String name() {
    return name;
  }

  /** Where it is included; empty for what was given to the build itself. */
  public Optional<Inclusion> inclusion() {
    return inclusion;
  }

  /** Each place that leads here, nearest first, as a line: {@code included by NAME:LINE}. */
  public String inclusions() {
    StringBuilder out = new StringBuilder();
    Optional<Inclusion> next = inclusion;
    while (next.isPresent()) {
      Inclusion place = next.get();
      out.append("included by ").append(place.by.name).append(':');
      out.append(place.at.startLine()).append('\n');
      next = place.by.inclusion;
    }
    return out.toString();
  }

  public int lineCount() {
    return lines.size();
  }

  /** The line without its terminator; {@code line} counts from 1. */
  public String line(int line) {
    String raw = rawLine(line);
    int end = raw.length();
    while (end > 0 && (raw.charAt(end - 1) == '\n' || raw.charAt(end - 1) == '\r')) {
      end--;
    }
    return raw.substring(0, end);
  }

  /** The line with its terminator, if it has one. */
  public String rawLine(int line) {
    return lines.get(line - 1);
  }

  /** The length of the line in UTF-8, without its terminator. */
  public int byteLength(int line) {
    return line(line).getBytes(StandardCharsets.UTF_8).length;
  }

  /** Whether the bytes of the line were not UTF-8. */
  public boolean invalidUtf8(int line) {
    return invalid.get(line - 1);
  }

  /** The last line, or line 1 of an empty text. */
  public SourceRange end() {
    return SourceRange.line(Math.max(1, lines.size()));
  }

  /** The lines of a range with their neighbours, numbered, {@code >>>} at those of the range. */
  public String excerpt(SourceRange range) {
    return Excerpt.render(this, range, "");
  }

  @Override
  public String toString() {
    return name + " (" + lines.size() + " lines)";
  }
}

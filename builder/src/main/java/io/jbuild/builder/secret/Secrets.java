package io.jbuild.builder.secret;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All secrets of a build.
 *
 * @param sources by id
 */
public record Secrets(SortedMap<String, SecretSource> sources) {
  /** What fits into a header; servers take less. */
  private static final int MAX_LINE = 16 << 10;

  public Secrets {
    sources = Collections.unmodifiableSortedMap(new TreeMap<>(sources));
  }

  /**
   * A token or a header, without the blanks around it; empty where no secret has this id.
   *
   * @throws UserException if it is empty or has control characters
   */
  public Optional<String> line(String id) throws IOException, UserException {
    SecretSource source = sources.get(id);
    if (source == null) {
      return Optional.empty();
    }
    String value = new String(read(id, source, MAX_LINE), StandardCharsets.UTF_8).strip();
    if (value.isEmpty() || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw new UserException("secret " + id + " is not one line of text");
    }
    return Optional.of(value);
  }

  /** A value of at most so many bytes. */
  public static byte[] read(String id, SecretSource source, int max)
      throws IOException, UserException {
    byte[] value =
        source instanceof SecretSource.OfFile file
            ? file(id, file.path(), max)
            : ((SecretSource.OfBytes) source).value();
    if (value.length > max) {
      throw new UserException("secret " + id + " is larger than " + max + " bytes");
    }
    return value;
  }

  private static byte[] file(String id, Path path, int max) throws IOException, UserException {
    try (InputStream in = Files.newInputStream(path)) {
      if (Files.isDirectory(path)) {
        throw new UserException("secret " + id + ": \"" + path + "\" is a directory");
      }
      return in.readNBytes(max + 1);
    } catch (NoSuchFileException e) {
      throw new UserException("secret " + id + ": there is no file \"" + path + "\"", e);
    }
  }
}

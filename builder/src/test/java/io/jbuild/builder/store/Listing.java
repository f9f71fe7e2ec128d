package io.jbuild.builder.store;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A tar as text, for the message of a test that fails. */
final class Listing {
  private Listing() {}

  static String of(InputStream tar) throws IOException {
    TarReader reader = new TarReader(tar);
    StringBuilder lines = new StringBuilder();
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get();
      lines.append(new String(entry.name(), StandardCharsets.UTF_8));
      lines.append(' ').append(entry.type());
      lines.append(' ').append(Integer.toOctalString(entry.permissions()));
      lines.append(' ').append(entry.uid()).append(':').append(entry.gid());
      lines.append(' ').append(entry.modified()).append(' ').append(entry.xattrs().keySet());
      lines.append('\n');
    }
    return lines.toString();
  }
}

package io.jbuild.builder.instruction;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import java.util.ArrayList;
import java.util.List;

/** A source of {@code COPY} or {@code ADD}. */
public sealed interface CopySource {

  /** A path or pattern; for {@code ADD} also a URL. */
  record Path(String path) implements CopySource {
    /** Whether ADD fetches it, or would if it were valid. */
    public boolean isRemote() {
      try {
        return ContextSource.Remote.find(path).isPresent();
      } catch (UserException e) {
        return true; // as only what is remote can be wrong
      }
    }
  }

  /**
   * A here-document.
   *
   * @param expand whether variables in the content are replaced; false after expansion
   */
  record Inline(String name, String content, boolean expand) implements CopySource {}

  /** As {@link #expandAll}, for COPY, which fetches nothing. */
  static List<CopySource> expandLocal(List<CopySource> sources, Expander expander)
      throws BuildfileException {
    List<CopySource> out = expandAll(sources, expander);
    for (CopySource source : out) {
      if (source instanceof Path path && path.isRemote()) {
        throw expander
            .origin()
            .error("source can't be a URL for COPY: " + path.path, "use ADD")
            .at(path.path);
      }
    }
    return out;
  }

  static List<CopySource> expandAll(List<CopySource> sources, Expander expander)
      throws BuildfileException {
    List<CopySource> out = new ArrayList<>();
    for (CopySource source : sources) {
      if (source instanceof Path path) {
        out.add(new Path(expander.word(path.path)));
      } else if (source instanceof Inline inline) {
        String content = inline.expand ? expander.content(inline.content) : inline.content;
        out.add(new Inline(inline.name, content, false));
      }
    }
    return out;
  }
}

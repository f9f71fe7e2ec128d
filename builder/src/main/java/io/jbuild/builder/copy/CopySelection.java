package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.ContentDigest;
import io.jbuild.linux.Timestamp;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Executor;

/**
 * The files that a copy takes, all read once, independent of the image they go to.
 *
 * <p>{@link #digest} covers everything about them that the layer will show, except the modification
 * times: name, type, mode, owner, size, link target, device number, extended attributes, content.
 */
public final class CopySelection {
  private final CopyRequest request;
  private final List<Graft> grafts;
  private final List<LibraryFile> libraries;
  private final ContentDigest digest;

  private CopySelection(
      CopyRequest request, List<Graft> grafts, List<LibraryFile> libraries, ContentDigest digest) {
    this.request = request;
    this.grafts = List.copyOf(grafts);
    this.libraries = List.copyOf(libraries);
    this.digest = digest;
  }

  /**
   * Finds and reads the sources.
   *
   * @param request with every source at hand
   * @param executor helps to read; the calling thread reads, too
   */
  public static CopySelection of(CopyRequest request, Executor executor)
      throws IOException, UserException {
    return of(request, executor, () -> {});
  }

  /**
   * The same, unless nobody wants it any more.
   *
   * @param check throws to end the reading; it is called between pieces of files, by any thread
   */
  public static CopySelection of(CopyRequest request, Executor executor, Runnable check)
      throws IOException, UserException {
    Selector selector = new Selector(request);
    selector.select();
    ContentReader.readAll(selector.items(), executor, check);
    ContentDigest digest =
        SelectionDigest.of(new AttributeRules(request), selector.grafts(), selector.libraries());
    return new CopySelection(request, selector.grafts(), selector.libraries(), digest);
  }

  /**
   * For the cache key: what is copied. How and where is in the request, which the key has as well.
   */
  public ContentDigest digest() {
    return digest;
  }

  /** Path to attributes and content, a line for each file: to explain why a digest is another. */
  public SortedMap<String, String> manifest() {
    return SelectionManifest.of(new AttributeRules(request), grafts, libraries);
  }

  /** Whether nothing was found, which only patterns with wildcards and exclusions may do. */
  public boolean isEmpty() {
    return grafts.isEmpty();
  }

  public CopyRequest request() {
    return request;
  }

  /**
   * Decides where everything goes.
   *
   * @param below the image's tree so far; with {@code --link} it is not looked at
   * @param made the time of what has none of its own: {@code SOURCE_DATE_EPOCH}, or 1970
   */
  public CopyPlan onto(TreeView below, Timestamp made) throws IOException, UserException {
    return Planner.plan(request, grafts, libraries, below, made);
  }

  /** The one source itself at the destination, in an empty tree: as a mount shows it. */
  public CopyPlan alone() throws IOException, UserException {
    if (grafts.size() != 1) {
      throw new IllegalStateException(grafts.size() + " sources");
    }
    return Planner.planAlone(request, grafts.get(0));
  }
}

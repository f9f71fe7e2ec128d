package io.jbuild.builder.git;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.linux.TreePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A repository, and what of it is meant. Two forms say the same: {@code URL#REF:SUBDIR} and {@code
 * URL?ref=REF&subdir=SUBDIR}, the second with more keys: {@code tag}, {@code branch}, {@code
 * checksum} or {@code commit}, {@code keep-git-dir}, {@code submodules}, {@code mtime}, {@code
 * fetch-by-commit}.
 *
 * @param ref a branch, a tag, another ref with or without {@code refs/}, or a whole commit id;
 *     empty is what the repository's HEAD names
 * @param subdir the directory whose content is meant; the root is everything
 * @param checksum hexadecimal digits that the id of the commit, or of an annotated tag, begins with
 * @param keepGitDir empty when not said
 * @param submodules empty when not said: they are fetched
 * @param fetchByCommit whether the commit of {@code checksum} is fetched without a look at the ref
 */
public record GitReference(
    GitRemote remote,
    Optional<String> ref,
    TreePath subdir,
    Optional<String> checksum,
    Optional<Boolean> keepGitDir,
    Optional<Boolean> submodules,
    Mtime mtime,
    boolean fetchByCommit) {

  /** What modification times the files get. */
  public enum Mtime {
    /** That of the commit, so that every fetch gives the same files. */
    COMMIT,
    /** When the files were written. */
    CHECKOUT
  }

  private static final String GITHUB = "github.com/";

  public GitReference {
    if (ref.isPresent() && !RefName.isValid(ref.get())) {
      throw new IllegalArgumentException("no ref: " + ref.get());
    }
    if (checksum.isPresent() && !checksum.get().matches("[0-9a-f]{1,64}")) {
      throw new IllegalArgumentException("no checksum: " + checksum.get());
    }
  }

  /**
   * As the source of an ADD: empty where the text is something else, such as a path or the URL of a
   * file, see {@link ContextSource.Git#isAddress}.
   *
   * @throws UserException if it is a repository, but not one that can be fetched
   */
  public static Optional<GitReference> parse(String text) throws UserException {
    if (text.toLowerCase(Locale.ROOT).startsWith("file://")) {
      throw new UserException(
          "\"" + text + "\": repositories are not fetched from directories",
          "give the directory as a context, or the repository's URL");
    }
    if (!ContextSource.Git.isAddress(text)) {
      return Optional.empty();
    }
    String remote = text.replaceFirst("(?s)[?#].*", "");
    return Optional.of(read(remote, text.substring(remote.length())));
  }

  /**
   * As a build context or a named context: as {@link #parse}, and the old short form {@code
   * github.com/OWNER/REPOSITORY}, which could be a directory as well.
   */
  public static Optional<GitReference> parseContext(String text) throws UserException {
    if (!text.startsWith(GITHUB)) {
      return parse(text);
    }
    String remote = text.replaceFirst("(?s)[?#].*", "");
    return Optional.of(read("https://" + remote, text.substring(remote.length())));
  }

  private static GitReference read(String remote, String rest) throws UserException {
    return ReferenceOptions.parse(rest).of(GitRemote.parse(remote));
  }

  /** A text that may be a URL, without the login in it: for what is shown or kept. */
  public static String withoutLogin(String text) {
    return GitRemote.withoutLogin(text);
  }

  /** What tells the files of a revision from all others. */
  public List<String> identity(GitRevision revision) {
    List<String> identity =
        new ArrayList<>(
            List.of(
                "git",
                revision.commit(),
                subdir.toString(),
                mtime.name(),
                "submodules=" + withSubmodules()));
    if (keepsGitDir()) {
      identity.addAll(
          List.of(remote.url(), revision.object(), revision.refName().orElse("no ref")));
    }
    return identity;
  }

  /** Whether the commit is named by its whole id, so that nobody has to be asked for it. */
  public boolean isPinned() {
    return commit().isPresent();
  }

  /** The commit, where it is named by its whole id. */
  Optional<String> commit() {
    if (ref.isEmpty() || fetchByCommit) {
      return checksum.filter(RefName::isCommit);
    }
    return ref.filter(RefName::isCommit);
  }

  /** The ref as it was written, or {@code HEAD}. */
  String shownRef() {
    return ref.orElse("HEAD");
  }

  /** Refuses a revision that the checksum does not fit. */
  public void check(GitRevision revision) throws UserException {
    String wanted = checksum.orElse("");
    if (!revision.object().startsWith(wanted) && !revision.commit().startsWith(wanted)) {
      throw new UserException(
          this + " is the commit " + revision.commit() + ", expected " + wanted,
          "if it was meant to change, change the checksum");
    }
  }

  /** With the digits of {@code --checksum}. */
  public GitReference withChecksum(String digits) throws UserException {
    String lower = digits.toLowerCase(Locale.ROOT);
    ReferenceOptions.checkChecksum(lower);
    if (checksum.isPresent() && !checksum.get().equals(lower)) {
      throw new UserException(
          "the checksum " + digits + " conflicts with " + checksum.get() + " of " + remote);
    }
    return new GitReference(
        remote, ref, subdir, Optional.of(lower), keepGitDir, submodules, mtime, fetchByCommit);
  }

  /** With {@code --keep-git-dir}, or for contexts what BUILDKIT_CONTEXT_KEEP_GIT_DIR says. */
  public GitReference withKeepGitDir(boolean kept) throws UserException {
    if (keepGitDir.isPresent() && keepGitDir.get() != kept) {
      throw new UserException(
          "keep-git-dir=" + kept + " conflicts with keep-git-dir=" + !kept + " of " + remote);
    }
    return new GitReference(
        remote, ref, subdir, checksum, Optional.of(kept), submodules, mtime, fetchByCommit);
  }

  /** Whether {@code .git} is there, too; with a directory of the repository it never is. */
  public boolean keepsGitDir() {
    return keepGitDir.orElse(false) && subdir.isRoot();
  }

  public boolean withSubmodules() {
    return submodules.orElse(true);
  }

  /** For messages: the URL without a password, and the ref. */
  @Override
  public String toString() {
    return remote.url()
        + ref.map(name -> "#" + name).orElse(subdir.isRoot() ? "" : "#")
        + (subdir.isRoot() ? "" : ":" + subdir.toString().substring(1));
  }
}

package io.jbuild.isolation;

import io.jbuild.linux.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * A small read-only file that exists in the sandbox only: a secret, or /etc/hosts. It lives in
 * memory, is bound over its target, and leaves no trace in the root.
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by identity
public record SandboxFile(TreePath target, byte[] content, int permissions, long uid, long gid) {
  /** As large as a secret may be. */
  public static final int MAX_BYTES = 500 * 1024;

  public SandboxFile {
    content = content.clone();
    if (content.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          target + " has " + content.length + " bytes, more than " + MAX_BYTES);
    }
    if (target.isRoot() || (permissions & ~0777) != 0) {
      throw new IllegalArgumentException("not a file's place or mode: " + target);
    }
  }

  @Override
  public byte[] content() {
    return content.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** Without the content, which may be a secret. */
  @Override
  public String toString() {
    return "SandboxFile[" + target + "]";
  }
}

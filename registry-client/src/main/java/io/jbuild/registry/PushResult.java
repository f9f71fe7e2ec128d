package io.jbuild.registry;

/** How a blob came to be in the registry. */
public enum PushResult {
  /** It was there. */
  EXISTED,
  /** The registry took it over from another of its repositories. */
  MOUNTED,
  UPLOADED
}

package io.jbuild.builder;

/** When a registry is asked for an image that a Buildfile names. */
public enum PullPolicy {
  /** Only when the local store does not have it. */
  MISSING,
  /** Always: a tag may have moved. */
  ALWAYS,
  /** Never: what is not in the store is an error. */
  NEVER
}

package io.jbuild.linux.mount;

/**
 * Something that can be mounted: a new instance of a file system, a tree that is there already, or
 * a mount that somebody has made.
 */
public sealed interface Mount permits Bind, Filesystem, Prepared {}

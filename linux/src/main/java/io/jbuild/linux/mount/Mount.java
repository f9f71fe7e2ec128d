package io.jbuild.linux.mount;

/**
 * Something that can be mounted: a new instance of a file system, or a tree that is there already.
 */
public sealed interface Mount permits Bind, Filesystem {}

package io.jbuild.builder.libs;

import io.jbuild.linux.TreePath;

/**
 * A file that a program needs.
 *
 * @param source its path in the tree that it comes from, possibly through symbolic links, each of
 *     which has to be there in the image too
 * @param place where the loader will look for it
 */
public record Companion(TreePath source, Place place) {}

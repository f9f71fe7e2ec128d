package io.jbuild.linux.mount;

import io.jbuild.linux.Fd;

/**
 * A file or tree that exists already, seen at another place.
 *
 * @param source an open descriptor (O_PATH will do), so that nobody can swap what is mounted; it
 *     belongs to the maker of this value, who closes it after the mount has been performed
 * @param recursive whether mounts below the source come along
 */
public record Bind(Fd source, boolean recursive) implements Mount {}

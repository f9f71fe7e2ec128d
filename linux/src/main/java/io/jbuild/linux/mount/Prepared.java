package io.jbuild.linux.mount;

import io.jbuild.linux.Fd;

/**
 * A mount that is made already and attached nowhere, for instance because a program serves it.
 *
 * @param mount its descriptor, which stays with the maker of this value: the mount goes when that
 *     and every place where it was attached is gone. It can be attached once.
 */
public record Prepared(Fd mount) implements Mount {}

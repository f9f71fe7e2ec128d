package io.jbuild.linux;

/** A name in a directory and what stat says of the file itself. */
public record DirEntry(Name name, FileStat stat) {}

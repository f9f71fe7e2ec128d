package io.jbuild.linux;

/** A name in a directory, and what kind of file the directory says it is: no stat was made. */
public record ListedName(Name name, FileType type) {}

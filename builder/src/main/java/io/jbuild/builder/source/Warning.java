package io.jbuild.builder.source;

/**
 * Something suspicious that does not stop the build.
 *
 * @param rule the name of the check, as in {@code # check=skip=NAME}
 */
public record Warning(String rule, String message, Source source, SourceRange range) {}

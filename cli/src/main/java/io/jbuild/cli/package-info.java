/**
 * The command line: one class per command, and {@link io.jbuild.cli.Main} which finds it.
 *
 * <p>Start with {@link io.jbuild.cli.Main} and {@link io.jbuild.cli.BuildCommand}. The rule that
 * holds: standard output is a command's result and nothing else; progress, warnings and errors go
 * to standard error. A command loads only what it uses, because every millisecond of start-up is
 * felt.
 */
@NullMarked
package io.jbuild.cli;

import org.jspecify.annotations.NullMarked;

package io.jbuild.cli;

import java.io.PrintStream;

/**
 * Where a command writes.
 *
 * @param out its result
 * @param err everything else
 */
record Console(PrintStream out, PrintStream err) {}

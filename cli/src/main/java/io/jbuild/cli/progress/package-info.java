/**
 * How a build is shown while it runs: live on a terminal, plain lines elsewhere, JSON lines for
 * programs. Start with {@link io.jbuild.cli.progress.ProgressMode}. Everything here writes to
 * standard error only, and a display that cannot write any more never stops the build.
 */
@NullMarked
package io.jbuild.cli.progress;

import org.jspecify.annotations.NullMarked;

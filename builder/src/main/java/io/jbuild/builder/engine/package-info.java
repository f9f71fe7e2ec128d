/**
 * The door to the builder: {@link io.jbuild.builder.engine.Engines} opens a store and gives an
 * {@link io.jbuild.builder.Engine} that builds, runs, pulls and pushes with it.
 *
 * <p>An engine owns its executors and closes them; nothing native is loaded before a command needs
 * it.
 */
@NullMarked
package io.jbuild.builder.engine;

import org.jspecify.annotations.NullMarked;

/**
 * Measurements, each a main class that prints what it found. Nothing here is part of the program.
 */
@NullMarked
package io.jbuild.bench;

import org.jspecify.annotations.NullMarked;

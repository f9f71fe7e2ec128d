package io.jbuild.builder.copy;

import io.jbuild.builder.libs.Place;
import io.jbuild.linux.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * A loader or library that comes along with a program.
 *
 * @param item the file itself
 * @param source its path in its tree as the loader found it, through links
 * @param place where the loader will look for it in the image
 * @param program the program that looks for it beside itself; null where the place is absolute
 */
record LibraryFile(Item item, TreePath source, Place place, @Nullable Item program) {}

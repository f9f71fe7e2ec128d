/**
 * What a program needs beside itself: its loader, the shared libraries, for a script its
 * interpreter. Found by reading files only, never by running anything of the tree they come from.
 *
 * <p>Start from {@link io.jbuild.builder.libs.ProgramClosure}; {@link
 * io.jbuild.builder.libs.ElfFile} is the little that it reads of an ELF file. The rule that holds:
 * every path is resolved inside the tree that it comes from, as the loader would inside a
 * container.
 */
@NullMarked
package io.jbuild.builder.libs;

import org.jspecify.annotations.NullMarked;

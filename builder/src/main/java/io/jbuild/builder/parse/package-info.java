/**
 * From the text of a Buildfile to syntax nodes: one per instruction, with its flags, its arguments
 * in the shape that its keyword asks for, and its here-documents.
 *
 * <p>Start at {@link io.jbuild.builder.parse.Parser} and {@link io.jbuild.builder.parse.Node}. The
 * rule: nothing here knows what an instruction means, and every node prints back to text that
 * parses to the same node.
 */
@NullMarked
package io.jbuild.builder.parse;

import org.jspecify.annotations.NullMarked;

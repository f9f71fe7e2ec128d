/**
 * Git repositories as sources of files: what a reference such as {@code
 * https://host/repository.git#branch:directory} says, and the files of its commit.
 *
 * <p>Start from {@link io.jbuild.builder.git.GitReference}, which is parsed from text and asks
 * nobody, and {@link io.jbuild.builder.git.GitRepositories}, which runs the machine's {@code git}
 * on repositories of the store. The rules that hold: git sees no configuration but ours, a remote's
 * text reaches its command line only after it was checked, a secret never does, and git never
 * writes files of a commit: they come as an archive, which is unpacked as any other.
 */
@NullMarked
package io.jbuild.builder.git;

import org.jspecify.annotations.NullMarked;

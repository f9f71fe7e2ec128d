package io.jbuild.builder;

import java.util.Optional;

/**
 * One step of a build as people see it.
 *
 * @param id unique in the build, in the order of the Buildfile
 * @param stage the stage's name, or its index
 * @param number 1-based among the stage's steps
 * @param total how many steps the stage has
 * @param title the instruction, flags and variables as written, on one line
 * @param line first line of the instruction in the Buildfile
 * @param platform what the stage is for, in a build for several platforms: {@code linux/arm64}, or
 *     {@code linux/amd64->arm64} where a stage for one is built for another
 */
public record StepInfo(
    int id,
    String stage,
    int number,
    int total,
    String title,
    Optional<Integer> line,
    Optional<String> platform) {}

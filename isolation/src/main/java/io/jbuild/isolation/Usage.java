package io.jbuild.isolation;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a sandbox has used so far.
 *
 * @param cpu user and system time of all its processes
 * @param peakMemoryBytes empty where no control group counts it
 */
public record Usage(Duration cpu, OptionalLong peakMemoryBytes) {}

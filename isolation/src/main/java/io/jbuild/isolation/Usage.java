package io.jbuild.isolation;

import io.jbuild.isolation.cgroup.Pressure;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a sandbox has used so far; an empty value is one that no control group here counts.
 *
 * @param cpu user and system time of all its processes
 * @param throttled how long its processes wanted to run and the limit of processors held them
 * @param peakMemoryBytes the most that it held at once, page cache included
 * @param memoryBytes what it holds now, page cache included
 * @param anonymousBytes what of that belongs to processes and not to files
 * @param peakPids the most processes and threads at once
 * @param oomKills how many of its processes were killed because memory ran out; a command may
 *     succeed all the same
 */
public record Usage(
    Duration cpu,
    Duration user,
    Duration system,
    Duration throttled,
    OptionalLong peakMemoryBytes,
    OptionalLong memoryBytes,
    OptionalLong anonymousBytes,
    OptionalLong readBytes,
    OptionalLong writtenBytes,
    OptionalLong peakPids,
    long oomKills,
    Optional<Pressure> pressure) {}

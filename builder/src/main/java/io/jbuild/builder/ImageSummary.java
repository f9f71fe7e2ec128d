package io.jbuild.builder;

import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import java.time.Instant;
import java.util.Optional;

/**
 * One image of one name in the store; a name of an index has one for each platform.
 *
 * @param id the digest of the image's configuration
 * @param platform that the name has it for
 * @param layers how many layers it stacks
 * @param bytes the sum of its layers' uncompressed sizes
 */
public record ImageSummary(
    Reference name,
    Digest id,
    Platform platform,
    Optional<Instant> created,
    int layers,
    long bytes) {}

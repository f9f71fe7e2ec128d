package io.jbuild.builder;

import io.jbuild.oci.Digest;
import io.jbuild.oci.Reference;
import java.time.Instant;
import java.util.Optional;

/**
 * One name in the store.
 *
 * @param id the digest of the image's configuration
 * @param layers how many layers it stacks
 * @param bytes the sum of its layers' uncompressed sizes
 */
public record ImageSummary(
    Reference name, Digest id, Optional<Instant> created, int layers, long bytes) {}

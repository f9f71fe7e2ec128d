package io.jbuild.builder.web;

import io.jbuild.oci.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * A file that was fetched.
 *
 * @param content its blob in the store
 * @param modified what the server says of it
 */
public record WebFile(Digest content, Optional<Instant> modified) {}

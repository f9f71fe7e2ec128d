/**
 * JSON as a small immutable tree, and the only door to Jackson. Start with {@link Json} (read and
 * write) and {@link JsonObject} (typed access to fields); {@link Yaml} reads into the same tree.
 *
 * <p>The rule: reading is strict (UTF-8, no byte order mark, one value, unique keys, bounded size
 * and depth), and writing is deterministic, byte for byte what Go's encoding/json writes for the
 * same fields in the same order.
 */
@NullMarked
package io.jbuild.oci.json;

import org.jspecify.annotations.NullMarked;

/**
 * Where contents and records are kept. Start with {@link StoreRoot} (the directory), {@link
 * ContentStore} (blobs by digest), {@link ImageStore} (images and their names) and {@link
 * RecordStore} (small records by key).
 *
 * <p>The rule: a content is written to a temporary file, made durable, renamed into its place, and
 * the directory made durable; a record is written only after what it names. Any number of processes
 * share a store, and a crash at any point loses nothing that was announced.
 */
@NullMarked
package io.jbuild.oci.store;

import org.jspecify.annotations.NullMarked;

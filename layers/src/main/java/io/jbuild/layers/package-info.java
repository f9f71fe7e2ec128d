/**
 * Layers: tar changesets with their diffIDs, and the directories that overlayfs stacks.
 *
 * <p>Start from {@link io.jbuild.layers.LayerStore}, which keeps layers by diffID and hands out the
 * {@link io.jbuild.layers.LayerIngest} in which one is made, and from the three that fill one:
 * {@link io.jbuild.layers.LayerWriter} (files to a layer, in one pass), {@link
 * io.jbuild.layers.LayerScanner} (what a step left in an upper directory) and {@link
 * io.jbuild.layers.LayerApplier} (a tar stream from elsewhere).
 *
 * <p>The rules: a layer's directory and its tar say the same; whiteouts are overlayfs's own in
 * directories and {@code .wh.} files in tars; trees are touched only through {@link
 * io.jbuild.linux.Dir}, one name at a time.
 */
@NullMarked
package io.jbuild.layers;

import org.jspecify.annotations.NullMarked;

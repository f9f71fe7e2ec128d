/**
 * The union filesystem: layers seen as one tree, by the kernel or without it.
 *
 * <p>Start from {@link io.jbuild.overlay.UnionView}, which reads a stack of layer directories in
 * plain Java, and {@link io.jbuild.overlay.OverlayStack}, which describes the same stack as an
 * overlayfs mount. The rule that holds: both show the same tree, name for name and bit for bit; a
 * test mounts random stacks and compares. {@link io.jbuild.overlay.Snapshots} tells how a writable
 * root filesystem becomes the next layer.
 */
@NullMarked
package io.jbuild.overlay;

import org.jspecify.annotations.NullMarked;

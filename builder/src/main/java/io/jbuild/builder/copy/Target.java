package io.jbuild.builder.copy;

import io.jbuild.layers.Attributes;
import io.jbuild.linux.Name;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the layer that is planned: a directory, or an item that is no directory. A layer
 * names every directory above its entries, those too that the image has already; these keep what
 * they are.
 */
final class Target {
  private final @Nullable Item leaf;
  private final boolean below;
  private final SortedMap<Name, Target> children;
  private Attributes attributes;

  private Target(
      @Nullable Item leaf, Attributes attributes, boolean below, SortedMap<Name, Target> children) {
    this.leaf = leaf;
    this.attributes = attributes;
    this.below = below;
    this.children = children;
  }

  /** A directory that the image has already. */
  static Target existing(Attributes attributes) {
    return new Target(null, attributes, true, new TreeMap<>());
  }

  static Target directory(Attributes attributes) {
    return new Target(null, attributes, false, new TreeMap<>());
  }

  static Target leaf(Item item, Attributes attributes) {
    return new Target(item, attributes, false, Collections.emptySortedMap());
  }

  boolean isDirectory() {
    return leaf == null;
  }

  /** Whether the image below has this directory, so that names in it may be taken. */
  boolean isBelow() {
    return below;
  }

  Item item() {
    if (leaf == null) {
      throw new IllegalStateException("a directory is no item");
    }
    return leaf;
  }

  Attributes attributes() {
    return attributes;
  }

  void setAttributes(Attributes changed) {
    attributes = changed;
  }

  SortedMap<Name, Target> children() {
    return children;
  }
}

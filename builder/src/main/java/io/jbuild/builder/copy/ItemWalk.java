package io.jbuild.builder.copy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Visits an item and all below it, parents first, siblings in their order; trees may be deep. */
final class ItemWalk {
  private ItemWalk() {}

  static void over(Item root, Consumer<Item> visitor) {
    Deque<Item> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Item item = open.pop();
      visitor.accept(item);
      for (int i = item.children.size() - 1; i >= 0; i--) {
        open.push(item.children.get(i));
      }
    }
  }
}

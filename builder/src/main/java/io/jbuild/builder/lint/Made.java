package io.jbuild.builder.lint;

import io.jbuild.linux.TreePath;

/**
 * Something that a step has put into the image.
 *
 * @param copy whether COPY or ADD put it there
 * @param owned whether it was given an owner at once
 * @param moded whether it was given a mode at once
 */
record Made(TreePath path, Step step, boolean copy, boolean owned, boolean moded) {

  static Made byCommand(TreePath path, Step step) {
    return new Made(path, step, false, false, false);
  }
}

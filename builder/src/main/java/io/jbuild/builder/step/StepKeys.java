package io.jbuild.builder.step;

import io.jbuild.builder.cache.StepKey;
import io.jbuild.builder.stage.StageState;
import io.jbuild.oci.ChainId;

/** The fields that all keys begin with. */
final class StepKeys {
  private StepKeys() {}

  /**
   * The root filesystem below is named by its content, not by how it came about: a step above one
   * that ran again with the same result is found.
   */
  static StepKey.Builder begin(String kind, Workshop workshop, StageState state, int repeat) {
    return StepKey.of(kind)
        .add("root", root(state))
        .add("repeat", Integer.toString(repeat))
        .add("time", workshop.timeField())
        .add("platform", state.image().platform().toString());
  }

  private static String root(StageState state) {
    return state.layers().isEmpty() ? "scratch" : ChainId.of(state.layers()).toString();
  }
}

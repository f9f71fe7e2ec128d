package io.jbuild.builder.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jbuild.oci.ImageConfig;
import io.jbuild.oci.Platform;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StageStateTest {
  @Test
  void workingDirectory_thatTheBaseDoesNotName_isTheRootAndStaysUnnamed() {
    StageState state = StageState.from(ImageConfig.scratch(Platform.host()), Optional.empty());
    assertEquals("/", state.workdir());
    assertEquals("", state.finished().config().workingDir());
  }

  @Test
  void workingDirectory_ofScratch_isNamed() {
    StageState state = StageState.scratch(Platform.host(), Optional.empty());
    assertEquals("/", state.finished().config().workingDir());
  }
}

package io.jbuild.isolation.ladder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jbuild.linux.UserNamespace;
import io.jbuild.linux.UserNamespace.Range;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RungTest {
  private static final List<Range> ALL = List.of(new Range(0, 0, 4294967295L));
  private static final List<Range> ONE = List.of(new Range(0, 1000, 1));
  private static final List<Range> RANGES =
      List.of(new Range(0, 1000, 1), new Range(1, 100000, 65536));

  @Test
  void of_whoIsWhere_isTheRung() {
    assertEquals(Rung.FULL_ROOT, Rung.of(true, new UserNamespace(true, ALL, ALL)));
    assertEquals(Rung.ROOTLESS, Rung.of(true, new UserNamespace(false, RANGES, RANGES)));
    assertEquals(Rung.SINGLE_ID, Rung.of(true, new UserNamespace(false, ONE, ONE)));
    assertEquals(Rung.NONE, Rung.of(false, new UserNamespace(true, ALL, ALL)));
  }

  @Test
  void toString_ofAStanding_isOneLine() {
    assertEquals(
        "full root", Standing.of(Rung.FULL_ROOT, "root", 4294967295L, Optional.empty()).toString());
    assertEquals(
        "rootless: user namespace of build, 65537 ids",
        Standing.of(Rung.ROOTLESS, "build", 65537, Optional.empty()).toString());
    assertEquals(
        "rootless with one id: user namespace of build, 1 id; limits: without cpu",
        Standing.of(Rung.SINGLE_ID, "build", 1, Optional.of("limits: without cpu")).toString());
  }

  @Test
  void toString_ofAStandingThatWasTried_endsWithWhatWasFound() {
    assertEquals(
        "rootless: user namespace of build, 65537 ids; storage: copy (overlay: EPERM); network: host",
        Standing.of(Rung.ROOTLESS, "build", 65537, Optional.empty())
            .with("copy (overlay: EPERM)", "host")
            .toString());
  }
}

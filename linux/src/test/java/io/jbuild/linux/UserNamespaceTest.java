package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.UserNamespace.Range;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UserNamespaceTest {
  private static final List<Range> RANGES =
      UserNamespace.parse("         0       1001          1\n         1     100000      65536\n");

  @Test
  void parse_linesOfTheKernel_areRanges() {
    assertEquals(List.of(new Range(0, 1001, 1), new Range(1, 100000, 65536)), RANGES);
    assertEquals(List.of(), UserNamespace.parse(""));
  }

  @Test
  void maps_idsInAndBesideARange() {
    UserNamespace some = new UserNamespace(false, RANGES, RANGES);
    assertTrue(some.mapsUid(0));
    assertTrue(some.mapsGid(65536));
    assertFalse(some.mapsUid(65537));
    assertFalse(some.mapsOnlyRoot());
    assertEquals(OptionalLong.of(1001), some.rootOutside());
  }

  @Test
  void mapsOnlyRoot_oneIdOfEach() {
    List<Range> one = List.of(new Range(0, 1002, 1));
    assertTrue(new UserNamespace(false, one, one).mapsOnlyRoot());
    assertFalse(new UserNamespace(false, one, RANGES).mapsOnlyRoot());
  }

  @Test
  void rootOutside_whereRootIsNotMapped_isEmpty() {
    List<Range> nobody = List.of(new Range(65534, 1000, 1));
    assertEquals(OptionalLong.empty(), new UserNamespace(false, nobody, nobody).rootOutside());
  }

  @Test
  void current_hasThisProcessesUser() throws IOException {
    assertTrue(UserNamespace.current().mapsUid(Self.effectiveUid()));
  }
}

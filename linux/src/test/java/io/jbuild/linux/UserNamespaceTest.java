package io.jbuild.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.linux.UserNamespace.Range;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
  void unmapped_namesTheIdAndTheFile() {
    UserNamespace some = new UserNamespace(false, RANGES, List.of(new Range(0, 1001, 1)));
    assertEquals(Optional.empty(), some.unmapped(65536, 0));
    assertEquals(
        Optional.of(
            "user 65537 does not exist in this user namespace, which has 65537 ids: root adds a"
                + " range to /etc/subuid with usermod --add-subuids FIRST-LAST USER"),
        some.unmapped(65537, 0));
    assertTrue(some.unmapped(0, 5).orElseThrow().startsWith("group 5 does not exist"));
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

package io.jbuild.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jbuild.linux.Self;
import io.jbuild.linux.mount.OverlayMarks;
import io.jbuild.oci.store.StoreRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreMarksTest {
  @TempDir Path temp;
  private StoreRoot root;

  @BeforeEach
  void open() throws IOException {
    root = StoreRoot.open(temp.resolve("store"));
  }

  @Test
  void claim_anEmptyStore_writesOurKindOnce() throws IOException {
    StoreMarks marks = new StoreMarks(root);
    marks.check();
    assertFalse(Files.exists(root.layers().resolve("marks")));
    marks.claim();
    marks.claim();
    new StoreMarks(root).check();
    assertTrue(Files.readString(root.layers().resolve("marks")).matches("(trusted|user.*)\n"));
  }

  @Test
  void claim_afterAnotherWasKilledInTheMiddleOfIt_writesOurKind() throws IOException {
    Files.writeString(root.layers().resolve(".tmp-1"), "us");
    new StoreMarks(root).claim();
    assertTrue(Files.readString(root.layers().resolve("marks")).matches("(trusted|user.*)\n"));
    new StoreMarks(root).check();
  }

  @Test
  void check_layersOfTheOtherKind_areRefused() throws IOException {
    assumeTrue(Self.isRoot(), "SKIPPED: without root's rights no layer is looked into");
    boolean trusted = OverlayMarks.ofThisProcess() == OverlayMarks.TRUSTED;
    Files.writeString(root.layers().resolve("marks"), trusted ? "user\n" : "trusted\n");
    StoreMarks marks = new StoreMarks(root);
    assertThrows(IOException.class, marks::check);
    IOException refused = assertThrows(IOException.class, marks::claim);
    String told = String.valueOf(refused.getMessage());
    assertTrue(told.contains("user namespace"), told);
    assertTrue(told.contains("--store DIR"), told);
  }

  @Test
  void check_layersWithoutAFile_areRoots() throws IOException {
    assumeTrue(
        OverlayMarks.ofThisProcess() == OverlayMarks.TRUSTED && Self.isRoot(),
        "SKIPPED: only root outside of user namespaces has such stores");
    Files.createDirectory(root.layers().resolve("sha256"));
    StoreMarks marks = new StoreMarks(root);
    marks.claim();
    assertEquals(
        OverlayMarks.TRUSTED.name().toLowerCase(Locale.ROOT),
        Files.readString(root.layers().resolve("marks")).strip());
  }
}

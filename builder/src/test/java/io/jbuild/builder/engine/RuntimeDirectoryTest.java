package io.jbuild.builder.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeDirectoryTest {
  @TempDir Path temp;
  private Path store;
  private Path absent;
  private Path user;

  @BeforeEach
  void make() throws IOException {
    store = temp.resolve("store");
    absent = temp.resolve("absent");
    user = Files.createDirectory(temp.resolve("user"));
    allow("rwx------");
  }

  private void allow(String permissions) throws IOException {
    Files.setPosixFilePermissions(user, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void of_theMachinesPlace_comesFirst() {
    assertEquals(temp.resolve("jbuild"), RuntimeDirectory.of(store, temp, user.toString()));
  }

  @Test
  void of_theUsersOwnPlace_isTaken() {
    assertEquals(user.resolve("jbuild"), RuntimeDirectory.of(store, absent, user.toString()));
  }

  @Test
  void of_aPlaceWhereOthersMayWrite_isTheStore() throws IOException {
    allow("rwxrwxrwx");
    assertEquals(store.resolve("run"), RuntimeDirectory.of(store, absent, user.toString()));
  }

  @Test
  void of_noPlace_isTheStore() {
    for (String place : new String[] {"", "relative", absent.toString(), "/proc/self/status"}) {
      assertEquals(store.resolve("run"), RuntimeDirectory.of(store, absent, place));
    }
  }
}

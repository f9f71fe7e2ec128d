package io.jbuild.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.match.IgnoreRules;
import io.jbuild.builder.source.BuildfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IgnoreFilesTest {
  @TempDir private Path temporary;
  private Path context;
  private Path buildfile;

  @BeforeEach
  void make() throws IOException {
    context = Files.createDirectory(temporary.resolve("context"));
    buildfile = Files.createDirectory(temporary.resolve("other")).resolve("prod.Buildfile");
  }

  private String excluded() throws Exception {
    IgnoreRules rules = IgnoreFiles.find(context, Optional.of(buildfile));
    StringBuilder found = new StringBuilder();
    for (String name : new String[] {"own", "build", "docker", "container"}) {
      found.append(rules.excluded(name) ? name : "");
    }
    return found.toString();
  }

  @Test
  void firstThatExists_holdsAlone() throws Exception {
    assertEquals("", excluded());
    Files.writeString(context.resolve(".containerignore"), "container");
    assertEquals("container", excluded());
    Files.writeString(context.resolve(".dockerignore"), "docker");
    assertEquals("docker", excluded());
    Files.writeString(context.resolve(".buildignore"), "build");
    assertEquals("build", excluded());
    Files.writeString(buildfile.resolveSibling("prod.Buildfile.dockerignore"), "own");
    assertEquals("own", excluded());
  }

  @Test
  void linkInside_isFollowed() throws Exception {
    Files.writeString(context.resolve("rules"), "docker");
    Files.createSymbolicLink(context.resolve(".dockerignore"), Path.of("rules"));
    assertEquals("docker", excluded());
  }

  @Test
  void linkOutside_isRefused_withoutItsContent() throws Exception {
    Path secret = temporary.resolve("secret");
    Files.writeString(secret, "[");
    for (Path target : new Path[] {secret, Path.of("../secret")}) {
      Files.deleteIfExists(context.resolve(".dockerignore"));
      Files.createSymbolicLink(context.resolve(".dockerignore"), target);
      UserException e = assertThrows(UserException.class, this::excluded);
      assertTrue(String.valueOf(e.getMessage()).contains("outside of"), e.getMessage());
      assertFalse(String.valueOf(e.getMessage()).contains("["));
    }
  }

  @Test
  void danglingLink_directoryAndFifo_areErrors() throws Exception {
    Files.createSymbolicLink(context.resolve(".dockerignore"), Path.of("nothing"));
    assertThrows(UserException.class, this::excluded);
    Files.delete(context.resolve(".dockerignore"));
    Files.createDirectory(context.resolve(".dockerignore"));
    assertThrows(UserException.class, this::excluded);
  }

  @Test
  void badPattern_namesTheLine() throws Exception {
    Files.writeString(context.resolve(".dockerignore"), "ok\n[\n");
    BuildfileException e = assertThrows(BuildfileException.class, this::excluded);
    assertTrue(String.valueOf(e.getMessage()).startsWith(".dockerignore:2: "), e.getMessage());
  }
}

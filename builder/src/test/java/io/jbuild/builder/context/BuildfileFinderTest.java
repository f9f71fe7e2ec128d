package io.jbuild.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jbuild.builder.BuildContext;
import io.jbuild.builder.BuildfileInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildfileFinderTest {
  @TempDir Path context;

  @Test
  void find_withoutAName_takesTheFirstUsualOne() throws Exception {
    for (String name : List.of("dockerfile", "Containerfile", "Dockerfile", "Buildfile")) {
      Files.writeString(context.resolve(name), "FROM scratch\n");
      BuildfileFinder.Found found =
          BuildfileFinder.find(new BuildContext.Directory(context), new BuildfileInput.Default());
      assertEquals(name, found.source().name());
    }
  }
}

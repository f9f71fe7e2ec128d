package io.jbuild.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where a fuzzer begins, and what it once found. */
public final class Seeds {
  private Seeds() {}

  /** Writes the inputs for {@code TARGET}, found below {@code FOLDER}, as files {@code TO}. */
  public static void main(String[] args) throws IOException {
    Target target =
        Target.find(args[0]).orElseThrow(() -> new IllegalArgumentException("no " + args[0]));
    int number = 0;
    for (byte[] input : of(target, Path.of(args[1]))) {
      Files.write(Path.of(args[2], "seed-" + number++), input);
    }
  }

  /**
   * The inputs for a target.
   *
   * @param module the folder of this module, beside the others
   */
  public static List<byte[]> of(Target target, Path module) throws IOException {
    List<byte[]> all = new ArrayList<>();
    Path written = module.resolve("seeds").resolve(target + ".txt");
    if (Files.exists(written)) {
      for (String text : Files.readString(written).split("\n====\n", -1)) {
        all.add(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    if (target == Target.BUILDFILE) {
      Path project = module.resolve("..");
      all.addAll(files(project.resolve("testdata/buildfiles"), ""));
      all.addAll(files(project.resolve("builder/src/test/resources/goldens"), "Buildfile"));
    }
    all.addAll(files(module.resolve("found").resolve(target.toString()), ""));
    return all;
  }

  /** The content of the files below a folder whose names end so. */
  static List<byte[]> files(Path folder, String end) throws IOException {
    List<byte[]> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (Stream<Path> found = Files.walk(folder)) {
      List<Path> sorted =
          found
              .filter(Files::isRegularFile)
              .filter(file -> file.getFileName().toString().endsWith(end))
              .sorted()
              .toList();
      for (Path file : sorted) {
        all.add(Files.readAllBytes(file));
      }
    }
    return all;
  }
}

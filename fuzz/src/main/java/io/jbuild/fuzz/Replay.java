package io.jbuild.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code Replay TARGET FILE…}: gives a target what a fuzzer found, without the fuzzer. */
public final class Replay {
  private Replay() {}

  public static void main(String[] args) throws Exception {
    Fuzz.fuzzerInitialize(new String[] {args[0]});
    for (String name : List.of(args).subList(1, args.length)) {
      long start = System.nanoTime();
      Fuzz.fuzzerTestOneInput(read(name));
      System.out.println(name + ": " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
  }

  private static byte[] read(String name) throws IOException {
    return Files.readAllBytes(Path.of(name));
  }
}

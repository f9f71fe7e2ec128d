package io.jbuild.overlay;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileType;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Layer directories with everything that overlayfs knows, from few names, so that layers collide.
 */
final class RandomLayers {
  private static final String[] NAMES = {"a", "b", "c", "dir", "\u00fc"};
  private static final int DEPTH = 4;

  private final Random random;
  private int files;

  RandomLayers(long seed) {
    this.random = new Random(seed);
  }

  void fill(Dir layer) throws IOException {
    fill(layer, 0);
    attributes(layer);
  }

  private void fill(Dir dir, int depth) throws IOException {
    for (String text : NAMES) {
      Name name = Name.of(text);
      switch (random.nextInt(10)) {
        case 0, 1 -> file(dir, name);
        case 2, 3, 4 -> {
          if (depth < DEPTH) {
            directory(dir, name, depth);
          }
        }
        case 5 -> whiteout(dir, name);
        case 6 ->
            dir.symlink(
                name,
                ("../" + NAMES[random.nextInt(NAMES.length)]).getBytes(StandardCharsets.UTF_8));
        default -> {}
      }
    }
  }

  /**
   * In a directory that is not merged with another, overlayfs lists whiteouts as names that cannot
   * be found, unless the directory has an origin: with an empty one it is "copied up from
   * somewhere".
   */
  private static void whiteout(Dir dir, Name name) throws IOException {
    dir.makeNode(name, FileType.CHARACTER_DEVICE, 0, DeviceNumber.NONE);
    dir.setXattr(OverlayFormat.PREFIX + "origin", new byte[0]);
  }

  private void directory(Dir parent, Name name, int depth) throws IOException {
    try (Dir dir = parent.makeDir(name, 0755)) {
      fill(dir, depth + 1);
      if (random.nextInt(5) == 0) {
        dir.setXattr(OverlayFormat.OPAQUE, new byte[] {'y'});
      }
      attributes(dir);
    }
  }

  private void attributes(Dir dir) throws IOException {
    if (random.nextInt(3) == 0) {
      dir.setXattr("user.mark", new byte[] {(byte) random.nextInt(100)});
    }
    dir.setPermissions(0700 + random.nextInt(64));
    dir.setTimes(Timestamp.ofSeconds(random.nextInt(1_000_000_000)));
  }

  private void file(Dir dir, Name name) throws IOException {
    try (OutputFile file = dir.create(name, 0600 + random.nextInt(64))) {
      byte[] content = ("file " + files++).getBytes(StandardCharsets.UTF_8);
      file.write(content, 0, content.length);
      file.setOwner(random.nextInt(3), random.nextInt(3));
      file.setTimes(Timestamp.ofSeconds(random.nextInt(1_000_000_000)));
    }
  }
}

package io.jbuild.builder.store;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.DirEntry;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.FileType;
import io.jbuild.linux.LinuxException;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Random;

/**
 * Some dozen random changes of a tree, from few names, so that they meet. The same seed does the
 * same to the same tree; what the kernel refuses is left. Directories are not renamed: overlayfs
 * refuses that for those of lower layers.
 */
final class RandomStep {
  private static final String[] NAMES = {"a", "b", "c", "d", "e"};
  private static final int MOST_CHANGES = 24;
  private static final int DEPTH = 3;
  private static final long TIMES = 1_000_000_000;

  private final Random random;
  private final boolean special;

  /**
   * @param special whether it does what fuse-overlayfs does otherwise: hard links, changes of
   *     symbolic links and FIFOs, times of directories
   */
  RandomStep(long seed, boolean special) {
    this.random = new Random(seed);
    this.special = special;
  }

  /**
   * @param path the same directory, by a path
   */
  void run(Dir root, Path path) throws IOException {
    for (int i = 8 + random.nextInt(MOST_CHANGES); i > 0; i--) {
      // All that is random is drawn first, so that a refusal changes nothing of what follows.
      Random one = new Random(random.nextLong());
      attempt(root, path, one);
    }
    if (!special) {
      settle(root);
    }
  }

  private void attempt(Dir root, Path path, Random one) throws IOException {
    try {
      somewhere(root, path, one, 0);
    } catch (LinuxException | FileSystemException e) {
      assertNotEquals("", String.valueOf(e.getMessage())); // the tree does not allow this change
    }
  }

  /** Gives all directories one time. */
  private static void settle(Dir dir) throws IOException {
    for (DirEntry entry : dir.entries()) {
      if (entry.stat().isDirectory()) {
        try (Dir below = dir.open(entry.name())) {
          settle(below);
        }
      }
    }
    dir.setTimes(Timestamp.ofSeconds(TIMES));
  }

  private void somewhere(Dir dir, Path path, Random one, int depth) throws IOException {
    Name name = Name.of(NAMES[one.nextInt(NAMES.length)]);
    Optional<FileStat> found = dir.find(name);
    boolean deeper = depth < DEPTH && one.nextInt(3) > 0;
    if (deeper && found.isPresent() && found.get().isDirectory()) {
      try (Dir below = dir.open(name)) {
        somewhere(below, path.resolve(name.toString()), one, depth + 1);
      }
    } else {
      change(dir, path, name, found, one);
    }
  }

  private void change(Dir dir, Path path, Name name, Optional<FileStat> found, Random one)
      throws IOException {
    if (found.isEmpty()) {
      make(dir, name, one);
    } else if (!special && !found.get().isRegular() && !found.get().isDirectory()) {
      dir.unlink(name);
    } else if (one.nextInt(3) == 0) {
      replace(dir, name, found.get(), one);
    } else {
      describe(dir, path, name, found.get(), one);
    }
  }

  private static void make(Dir dir, Name name, Random one) throws IOException {
    switch (one.nextInt(8)) {
      case 0, 1, 2 -> file(dir, name, one);
      case 3, 4, 5 -> directory(dir, name, one);
      case 6 -> {
        dir.symlink(name, NAMES[one.nextInt(NAMES.length)].getBytes(StandardCharsets.UTF_8));
        dir.setOwner(name, one.nextInt(3), one.nextInt(3));
        dir.setTimes(name, time(one));
      }
      default -> dir.makeNode(name, FileType.FIFO, 0600 + one.nextInt(64), DeviceNumber.NONE);
    }
  }

  private static void file(Dir dir, Name name, Random one) throws IOException {
    try (OutputFile file = dir.create(name, 0600 + one.nextInt(64))) {
      byte[] content = String.valueOf(one.nextInt(4)).getBytes(StandardCharsets.UTF_8);
      file.write(content, 0, content.length);
      file.setOwner(one.nextInt(3), one.nextInt(3));
    }
    if (one.nextBoolean()) {
      dir.setTimes(name, time(one));
    }
  }

  /** With something in it, which may be what a directory below had. */
  private static void directory(Dir dir, Name name, Random one) throws IOException {
    try (Dir made = dir.makeDir(name, 0700 + one.nextInt(64))) {
      for (int i = one.nextInt(3); i > 0; i--) {
        make(made, Name.of(NAMES[i]), one);
      }
      if (one.nextBoolean()) {
        made.setTimes(time(one));
      }
    }
  }

  private static Timestamp time(Random one) {
    return Timestamp.ofSeconds(TIMES + one.nextInt(3));
  }

  private void replace(Dir dir, Name name, FileStat stat, Random one) throws IOException {
    Name other = Name.of(NAMES[one.nextInt(NAMES.length)]);
    switch (one.nextInt(4)) {
      case 0 -> {
        if (special && !stat.isDirectory()) {
          dir.link(other, dir, name);
        }
      }
      case 1 -> {
        if (!stat.isDirectory()) {
          dir.rename(name, dir, other, true);
        }
      }
      case 2 -> {
        dir.removeTree(name);
        make(dir, name, one);
      }
      default -> dir.removeTree(name);
    }
  }

  private void describe(Dir dir, Path path, Name name, FileStat stat, Random one)
      throws IOException {
    switch (one.nextInt(6)) {
      case 0 -> dir.setOwner(name, one.nextInt(3), one.nextInt(3));
      case 1 -> dir.setTimes(name, time(one));
      case 2 -> {
        if (!stat.isSymlink()) {
          dir.setPermissions(name, 0700 + one.nextInt(64));
        }
      }
      case 3 -> attribute(dir, name, stat, one);
      case 4 -> dir.setPermissions(name, stat.permissions());
      default -> {
        if (stat.isRegular()) {
          Files.writeString(path.resolve(name.toString()), "more", StandardOpenOption.APPEND);
        }
      }
    }
  }

  private static void attribute(Dir dir, Name name, FileStat stat, Random one) throws IOException {
    if (!stat.isRegular() && !stat.isDirectory()) {
      return;
    }
    if (dir.xattrs(name).containsKey("user.note")) {
      dir.removeXattr(name, "user.note");
    } else {
      dir.setXattr(name, "user.note", new byte[] {(byte) one.nextInt(2)});
    }
  }
}

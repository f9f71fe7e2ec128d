package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.PathBytes;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Tmpfs;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * Writes small files into a file system in memory, next to an empty file and an empty directory
 * that cover what is masked. It is attached outside of the container's root, because a file of a
 * mount that is attached nowhere cannot be bound, and vanishes with the old root; the bound files
 * stay.
 */
public record ProvideFiles(List<OwnFile> contents, Path place) implements SetupStep {
  static final String EMPTY_FILE = "none";
  static final String EMPTY_DIRECTORY = "empty";

  private static final long BYTES = 32 << 20;
  private static final int READ_ONLY_FOR_ALL = 0444;

  /** One file; {@link PlaceFile} refers to it by its index. */
  @SuppressWarnings("ArrayRecordComponent") // belongs to the plan that it is made for
  public record OwnFile(byte[] content, int permissions, long uid, long gid) {}

  public ProvideFiles {
    contents = List.copyOf(contents);
  }

  static String name(int index) {
    return "file" + index;
  }

  @Override
  public void compile(Assembly out) {
    Tmpfs memory = new Tmpfs(OptionalLong.of(BYTES), OptionalLong.empty(), 0755);
    ResultOf mount =
        out.mount(memory, EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV, MountFlag.NO_EXEC));
    String what = "mount own files on \"" + place + "\"";
    out.attach(what, OnError.FAIL, mount, number(Assembly.AT_FDCWD), PathBytes.of(place));
    out.files(mount);
    out.makeDir("make an empty directory", mount, EMPTY_DIRECTORY, 0555);
    List<OwnFile> all = new ArrayList<>(contents);
    for (int i = 0; i < all.size(); i++) {
      write(out, mount, name(i), all.get(i));
    }
    write(out, mount, EMPTY_FILE, new OwnFile(new byte[0], READ_ONLY_FOR_ALL, 0, 0));
  }

  static void write(Assembly out, ResultOf mount, String name, OwnFile file) {
    String what = "write an own file";
    ResultOf fd = out.open(what, mount, name, Assembly.O_WRONLY | Assembly.O_CREAT_EXCL);
    if (file.content().length > 0) {
      out.write(what, OnError.FAIL, fd, file.content());
    }
    if (file.uid() != 0 || file.gid() != 0) {
      out.calls()
          .call(
              what,
              Syscall.FCHOWNAT,
              mount,
              text(name),
              number(file.uid()),
              number(file.gid()),
              number(0));
    }
    out.calls().call(what, Syscall.FCHMOD, fd, number(file.permissions()));
  }
}

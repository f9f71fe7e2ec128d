package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.isolation.plan.ProvideFiles.OwnFile;
import io.jbuild.linux.Fd;
import io.jbuild.linux.PathBytes;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.Tmpfs;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * Makes an OCI bundle in a file system in memory: its {@code config.json}, small files, mounts that
 * the parent has made, and a directory for the runtime's own state. All of it is in the child's
 * mount namespace alone and goes with it.
 *
 * @param place where the file system is mounted
 */
@SuppressWarnings("ArrayRecordComponent") // belongs to the plan that it is made for
public record ProvideBundle(Path place, byte[] config, List<OwnFile> files, List<Source> mounts)
    implements SetupStep {
  /** The directory that the runtime keeps its state in. */
  public static final String STATE = "state";

  private static final long BYTES = 64 << 20;
  private static final int REGULAR = 0100600;

  /** A mount to be attached in the bundle. */
  public record Source(Fd mount, boolean file) {}

  public ProvideBundle {
    files = List.copyOf(files);
    mounts = List.copyOf(mounts);
  }

  /** The name of a file in the bundle. */
  public static String file(int index) {
    return ProvideFiles.name(index);
  }

  /** The name of a mount in the bundle. */
  public static String mount(int index) {
    return "mount" + index;
  }

  @Override
  public void compile(Assembly out) {
    Tmpfs memory = new Tmpfs(OptionalLong.of(BYTES), OptionalLong.empty(), 0711);
    ResultOf bundle = out.mount(memory, EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV));
    String what = "mount a bundle on \"" + place + "\"";
    out.attach(what, OnError.FAIL, bundle, number(Assembly.AT_FDCWD), PathBytes.of(place));
    ProvideFiles.write(out, bundle, "config.json", new OwnFile(config, 0400, 0, 0));
    for (int i = 0; i < files.size(); i++) {
      ProvideFiles.write(out, bundle, file(i), files.get(i));
    }
    out.makeDir("make a directory for the runtime", bundle, STATE, 0700);
    for (int i = 0; i < mounts.size(); i++) {
      attach(out, bundle, mount(i), mounts.get(i));
    }
  }

  private static void attach(Assembly out, ResultOf bundle, String name, Source source) {
    String what = "attach a mount in the bundle";
    if (source.file()) {
      out.calls().call(what, Syscall.MKNODAT, bundle, text(name), number(REGULAR), number(0));
    } else {
      out.makeDir(what, bundle, name, 0700);
    }
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    out.attach(what, OnError.FAIL, number(source.mount().number()), bundle, bytes);
  }
}

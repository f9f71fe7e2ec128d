package io.jbuild.isolation.plan;

import static io.jbuild.isolation.plan.ProvideFiles.EMPTY_DIRECTORY;
import static io.jbuild.isolation.plan.ProvideFiles.EMPTY_FILE;

import io.jbuild.linux.Errno;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;

/**
 * Covers files of /proc and /sys that tell or change too much, with an empty read-only file or
 * directory of ours, and makes others read-only. Names are relative to {@code /}; all have to
 * exist.
 */
public record CoverKernelFiles(List<String> files, List<String> directories, List<String> readOnly)
    implements SetupStep {
  /** The file systems were looked at a moment ago; what has gone since needs no cover. */
  private static final OnError GONE = OnError.tolerate(Errno.ENOENT.number());

  private static final EnumSet<MountFlag> INERT =
      EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_SUID, MountFlag.NO_EXEC, MountFlag.NO_DEV);

  public CoverKernelFiles {
    files = List.copyOf(files);
    directories = List.copyOf(directories);
    readOnly = List.copyOf(readOnly);
  }

  @Override
  public void compile(Assembly out) {
    files.forEach(file -> cover(out, file, EMPTY_FILE));
    directories.forEach(directory -> cover(out, directory, EMPTY_DIRECTORY));
    readOnly.forEach(path -> makeReadOnly(out, path));
  }

  private static void cover(Assembly out, String path, String with) {
    String what = "mask \"/" + path + "\"";
    ResultOf copy = out.copyMount(what, OnError.FAIL, out.files(), with);
    out.addFlags(what, OnError.FAIL, copy, INERT, false);
    out.attach(what, GONE, copy, mountOf(out, path), below(path));
  }

  private static void makeReadOnly(Assembly out, String path) {
    String what = "make \"/" + path + "\" read-only";
    String name = new String(below(path), StandardCharsets.US_ASCII);
    ResultOf copy = out.copyMount(what, OnError.FAIL, mountOf(out, path), name);
    out.addFlags(what, OnError.FAIL, copy, INERT, false);
    out.attach(what, GONE, copy, mountOf(out, path), below(path));
  }

  private static Argument mountOf(Assembly out, String path) {
    return path.startsWith("proc/") ? out.proc() : out.sys();
  }

  private static byte[] below(String path) {
    return path.substring(path.indexOf('/') + 1).getBytes(StandardCharsets.US_ASCII);
  }
}

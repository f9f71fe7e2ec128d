package io.jbuild.linux.mount;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Pseudo-terminals, an instance of their own.
 *
 * @param gid the group that owns the terminals (tty is 5 in most images); empty for the opener's
 * @param mode permissions of each terminal
 * @param ptmxMode permissions of {@code ptmx}
 */
public record DevPts(OptionalLong gid, int mode, int ptmxMode) implements Filesystem {
  @Override
  public String type() {
    return "devpts";
  }

  @Override
  public List<MountOption> options() {
    List<MountOption> options = new ArrayList<>();
    options.add(new MountOption.Flag("newinstance"));
    options.add(new MountOption.Text("ptmxmode", "0" + Integer.toOctalString(ptmxMode)));
    options.add(new MountOption.Text("mode", "0" + Integer.toOctalString(mode)));
    gid.ifPresent(group -> options.add(new MountOption.Text("gid", Long.toString(group))));
    return List.copyOf(options);
  }

  @Override
  public boolean showsNamespaces() {
    return false;
  }
}

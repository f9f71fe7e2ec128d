package io.jbuild.builder.step;

import io.jbuild.layers.LayerIngest;
import io.jbuild.linux.KernelDir;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;

/** A here-document that is run by itself: an executable file for the time of one step. */
final class ScriptFile {
  private static final Name NAME = Name.of("script");

  private ScriptFile() {}

  static void mount(Workshop workshop, StepResources resources, String target, String content)
      throws IOException {
    LayerIngest discarded = resources.keep(workshop.stores().layers().begin());
    KernelDir directory = resources.keep(KernelDir.open(discarded.fs()));
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    try (OutputFile file = directory.create(NAME, 0755)) {
      file.setPermissions(0755);
      file.write(bytes, 0, bytes.length);
    }
    Bind bind = new Bind(resources.keep(directory.resolvePath(TreePath.ROOT.resolve(NAME))), false);
    resources.mount(
        new MountPoint(
            bind,
            TreePath.parse(target),
            EnumSet.of(MountFlag.READ_ONLY, MountFlag.NO_SUID, MountFlag.NO_DEV)));
  }
}

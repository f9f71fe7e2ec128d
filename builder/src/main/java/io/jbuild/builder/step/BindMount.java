package io.jbuild.builder.step;

import io.jbuild.builder.UserException;
import io.jbuild.linux.Fd;
import io.jbuild.linux.TreePath;
import io.jbuild.linux.mount.Bind;
import io.jbuild.linux.mount.MountFlag;
import io.jbuild.linux.mount.MountPoint;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code type=bind}: files to look at, or to write over until the step ends.
 *
 * @param content the digest of the files, which is what the key has of them
 */
record BindMount(TreePath target, boolean writable, String content, Source source)
    implements StepMount {

  /** Where the files are. */
  @FunctionalInterface
  interface Source {
    /** Takes hold of them, as they are to be mounted; what that opens is kept for the step. */
    Fd open(StepResources resources) throws IOException, UserException;
  }

  @Override
  public List<String> keyFields() {
    return List.of("bind", target.toString(), Boolean.toString(writable), content);
  }

  @Override
  public void add(StepResources resources, Map<String, String> env)
      throws IOException, UserException {
    Set<MountFlag> flags = EnumSet.of(MountFlag.NO_SUID, MountFlag.NO_DEV);
    if (!writable) {
      flags.add(MountFlag.READ_ONLY);
    }
    Bind bind = new Bind(source.open(resources), false);
    resources.mount(new MountPoint(bind, target, flags));
  }
}

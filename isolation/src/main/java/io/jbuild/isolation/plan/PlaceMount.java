package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.Fd;
import io.jbuild.linux.mount.Filesystem;
import io.jbuild.linux.mount.MountFlag;
import java.util.Set;

/** Mounts what the caller asked for on its place in the root. */
public record PlaceMount(Source source, Target target) implements SetupStep {
  /** Where the mount comes from. */
  public sealed interface Source {
    /** Made by the parent, attached nowhere, with its flags set. */
    record Detached(Fd mount) implements Source {}

    /** Made by the child, because it shows the maker's namespaces. */
    record Made(Filesystem filesystem, Set<MountFlag> flags) implements Source {}
  }

  @Override
  public void compile(Assembly out) {
    if (source instanceof Source.Detached detached) {
      String what = "mount on \"" + target.path() + "\"";
      target.attach(out, what, number(detached.mount().number()));
    } else if (source instanceof Source.Made made) {
      String what = "mount " + made.filesystem().type() + " on \"" + target.path() + "\"";
      target.attach(out, what, out.mount(made.filesystem(), made.flags()));
    }
  }
}

package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.Errno;
import io.jbuild.linux.PathBytes;
import io.jbuild.linux.spawn.OnError;
import io.jbuild.linux.spawn.Syscall;
import java.nio.file.Path;
import java.util.List;

/** Takes mounts of the host out of the child's mount namespace, which has to be its own. */
public record HideMounts(List<Path> places) implements SetupStep {
  private static final int MNT_DETACH = 2;
  private static final OnError GONE =
      OnError.tolerate(Errno.EINVAL.number(), Errno.ENOENT.number());

  public HideMounts {
    places = List.copyOf(places);
  }

  @Override
  public void compile(Assembly out) {
    for (Path place : places) {
      out.calls()
          .call(
              "hide \"" + place + "\"",
              GONE,
              Syscall.UMOUNT2,
              text(PathBytes.of(place)),
              number(MNT_DETACH));
    }
  }
}

package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

/** Takes devices, such as the one that input comes from, from the host's /dev. */
public record HostDevices() implements SetupStep {
  @Override
  public void compile(Assembly out) {
    out.dev(out.open("open \"/dev\"", number(Assembly.AT_FDCWD), "/dev", Assembly.O_PATH));
  }
}

package io.jbuild.isolation;

import java.io.IOException;

/** What a sandbox without namespaces cannot be. */
final class ChrootLimits {
  private ChrootLimits() {}

  static void check(SandboxSpec spec) throws IOException {
    if (spec.network().isOwn()) {
      throw refusal("a network of its own", "say --network=host");
    }
    if (spec.userNamespace().isPresent() || spec.ownClock()) {
      throw refusal("a user or time namespace", "leave it out");
    }
    if (spec.readOnlyRoot()) {
      throw refusal("a read-only root", "leave --read-only out");
    }
    if (!spec.hostname().equals(SandboxSpec.DEFAULT_HOSTNAME)) {
      throw refusal("a host name of its own", "leave --hostname out");
    }
    if (!spec.devices().isEmpty()) {
      throw refusal("devices of the machine", "leave --device out");
    }
    if (spec.walls().anyDevice() || !spec.walls().filterCalls()) {
      throw refusal("no walls at all", "leave --security=insecure out");
    }
  }

  private static IOException refusal(String what, String mend) {
    return new IOException("a chroot cannot have " + what + ": " + mend);
  }
}

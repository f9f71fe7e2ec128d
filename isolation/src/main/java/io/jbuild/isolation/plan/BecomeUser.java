package io.jbuild.isolation.plan;

import static io.jbuild.linux.spawn.Argument.number;

import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Capability;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Becomes the command's user. Root keeps the given capabilities, permitted and effective; leaving
 * uid 0 clears them by itself, as exec would. None are inheritable.
 *
 * @param groups the further groups; empty where the kernel lets nobody change them, and those of
 *     the builder stay
 */
public record BecomeUser(
    long uid, long gid, Optional<List<Long>> groups, Set<Capability> capabilities)
    implements SetupStep {
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  public BecomeUser {
    groups = groups.map(List::copyOf);
    capabilities = Set.copyOf(capabilities);
  }

  @Override
  public void compile(Assembly out) {
    groups.ifPresent(some -> take(out, some));
    String what = "become " + uid + ":" + gid;
    out.calls().call(what, Syscall.SETRESGID, number(gid), number(gid), number(gid));
    out.calls().call(what, Syscall.SETRESUID, number(uid), number(uid), number(uid));
    long bits = uid == 0 ? Capability.bits(capabilities) : 0;
    out.calls().call("set the capabilities", Syscall.CAPSET, header(), sets(bits));
  }

  private static void take(Assembly out, List<Long> groups) {
    ByteBuffer list = ByteBuffer.allocate(4 * groups.size()).order(ByteOrder.nativeOrder());
    groups.forEach(group -> list.putInt(group.intValue()));
    out.calls()
        .call(
            "take the groups " + groups,
            Syscall.SETGROUPS,
            number(groups.size()),
            new Buffer(list.array()));
  }

  private static Buffer header() {
    ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    return new Buffer(header.putInt(CAPABILITY_VERSION_3).array());
  }

  /** Effective, permitted, inheritable of the low 32 capabilities, then of the high ones. */
  private static Buffer sets(long bits) {
    ByteBuffer sets = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
    sets.putInt((int) bits).putInt((int) bits).putInt(0);
    sets.putInt((int) (bits >>> 32)).putInt((int) (bits >>> 32)).putInt(0);
    return new Buffer(sets.array());
  }
}

package io.jbuild.isolation.ladder;

import static io.jbuild.linux.spawn.Argument.number;
import static io.jbuild.linux.spawn.Argument.text;

import io.jbuild.linux.spawn.Argument;
import io.jbuild.linux.spawn.Argument.Buffer;
import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.Namespace;
import io.jbuild.linux.spawn.Program;
import io.jbuild.linux.spawn.Spawn;
import io.jbuild.linux.spawn.SpawnException;
import io.jbuild.linux.spawn.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Some system calls tried by a child in namespaces of its own. What it makes goes with it: nothing
 * of it is attached anywhere that outlives the child.
 */
final class Attempt {
  private static final String MAP = "map ids";
  private static final long HERE = -100;
  private static final int WRITE_ONLY = 1;
  private static final int SET_FLAG = 0;
  private static final int SET_STRING = 1;
  private static final int CREATE = 6;
  private static final int CLOSE_ON_EXEC = 1;
  private static final int OPEN_HOW = 24;

  private final Set<Namespace> namespaces;
  private final Program.Builder calls = Program.builder();
  private boolean needsUserNamespace;

  private Attempt(Set<Namespace> namespaces) {
    this.namespaces = namespaces;
  }

  /** With the rights that this process has. */
  static Attempt in(Namespace... own) {
    Set<Namespace> namespaces = EnumSet.noneOf(Namespace.class);
    namespaces.addAll(Set.of(own));
    return new Attempt(namespaces);
  }

  /**
   * As root over the namespaces: where this process is not, that of a user namespace which has this
   * user as its only one.
   */
  static Attempt asRoot(Rights rights, Namespace... own) {
    Attempt attempt = in(own);
    if (!rights.administers()) {
      attempt.needsUserNamespace = true;
      attempt.namespaces.add(Namespace.USER);
      attempt.writeFile("/proc/self/setgroups", "deny");
      attempt.writeFile("/proc/self/uid_map", "0 " + rights.uid() + " 1");
      attempt.writeFile("/proc/self/gid_map", "0 " + rights.gid() + " 1");
    }
    return attempt;
  }

  /** The user namespace itself, with this user as its root. */
  static Attempt userNamespace(Rights rights) {
    Attempt attempt = asRoot(rights);
    attempt.needsUserNamespace = false;
    return attempt;
  }

  ResultOf call(String what, Syscall call, Argument... arguments) {
    return calls.call(what, call, arguments);
  }

  void check(String what, Argument value, long mask, long expected, int errno) {
    calls.check(what, value, mask, expected, errno);
  }

  /** Without O_CLOEXEC, there being no exec. */
  ResultOf open(String path, int flags) {
    return call("open " + path, Syscall.OPENAT, number(HERE), text(path), number(flags), number(0));
  }

  private void writeFile(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
    ResultOf file =
        call(MAP, Syscall.OPENAT, number(HERE), text(path), number(WRITE_ONLY), number(0));
    call(MAP, Syscall.WRITE, file, new Buffer(bytes), number(bytes.length));
  }

  /** openat2(2) as a sandbox uses it. */
  void openat2() {
    ByteBuffer how = ByteBuffer.allocate(OPEN_HOW).order(ByteOrder.nativeOrder());
    call(
        "openat2 /",
        Syscall.OPENAT2,
        number(HERE),
        text("/"),
        new Buffer(how.array()),
        number(OPEN_HOW));
  }

  /**
   * Makes a file system that is attached nowhere.
   *
   * @param options {@code key}, or {@code key=value}
   */
  ResultOf mount(String type, String... options) {
    String what = "mount " + type;
    ResultOf context = call(what, Syscall.FSOPEN, text(type), number(CLOSE_ON_EXEC));
    for (String option : options) {
      int equals = option.indexOf('=');
      String words = what + " with " + option;
      Argument key = text(equals < 0 ? option : option.substring(0, equals));
      Argument value = equals < 0 ? number(0) : text(option.substring(equals + 1));
      int kind = equals < 0 ? SET_FLAG : SET_STRING;
      call(words, Syscall.FSCONFIG, context, number(kind), key, value, number(0));
    }
    call(what, Syscall.FSCONFIG, context, number(CREATE), number(0), number(0), number(0));
    return call(what, Syscall.FSMOUNT, context, number(CLOSE_ON_EXEC), number(0));
  }

  /** Makes it; empty when everything was allowed. */
  Optional<Refusal> run() {
    try (Spawn spawn = Spawn.prepare(calls.end(), namespaces, OptionalInt.empty())) {
      spawn.attempt();
      return Optional.empty();
    } catch (SpawnException e) {
      boolean base = e.step().equals(MAP) || e.step().startsWith("clone ");
      return Optional.of(
          base && needsUserNamespace
              ? Refusal.noUserNamespace()
              : new Refusal(e.step(), e.errno()));
    }
  }

  /** The program, for who has to do something while the child is under way. */
  Spawn prepare() {
    return Spawn.prepare(calls.end(), namespaces, OptionalInt.empty());
  }
}

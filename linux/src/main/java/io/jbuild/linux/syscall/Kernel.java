package io.jbuild.linux.syscall;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;

/**
 * Performs system calls by libc's {@code syscall(2)} through jffi, the invoker below jnr-ffi.
 *
 * <p>jffi is called directly because jnr-ffi generates a class per bound interface, which costs
 * several times more at start-up than everything else here together. jffi saves errno inside its
 * native stub, before any Java code can run and overwrite it.
 */
public final class Kernel {
  private static final int EINTR = 4;

  private Kernel() {}

  /** Holds what the first call loads, so that a program that makes none loads no native code. */
  private static final class Native {
    static final Invoker INVOKER = Invoker.getInstance();
    static final LastError ERRNO = LastError.getInstance();
    static final CallContext SIX_LONGS = context(6);
    static final long SYSCALL = symbol("syscall");

    static CallContext context(int arguments) {
      Type[] types = new Type[arguments];
      java.util.Arrays.fill(types, Type.SINT64);
      return CallContext.getCallContext(Type.SINT64, types, CallingConvention.DEFAULT, true);
    }

    static long symbol(String name) {
      long address = Library.getDefault().getSymbolAddress(name);
      if (address == 0) {
        throw new UnsatisfiedLinkError("libc has no symbol " + name);
      }
      return address;
    }
  }

  /** The result of the call, or minus the errno; EINTR is returned like any other error. */
  public static long callOnce(Syscall call, long a, long b, long c, long d, long e) {
    long result =
        Native.INVOKER.invokeN6(Native.SIX_LONGS, Native.SYSCALL, call.number(), a, b, c, d, e);
    return result == -1 ? -Native.ERRNO.get() : result;
  }

  /** As {@link #callOnce}, made again for as long as a signal interrupts it. */
  public static long call(Syscall call, long a, long b, long c, long d, long e) {
    long result;
    do {
      result = callOnce(call, a, b, c, d, e);
    } while (result == -EINTR);
    return result;
  }

  public static long call(Syscall call, long a, long b, long c, long d) {
    return call(call, a, b, c, d, 0);
  }

  public static long call(Syscall call, long a, long b, long c) {
    return call(call, a, b, c, 0, 0);
  }

  public static long call(Syscall call, long a, long b) {
    return call(call, a, b, 0, 0, 0);
  }

  public static long call(Syscall call, long a) {
    return call(call, a, 0, 0, 0, 0);
  }

  public static long call(Syscall call) {
    return call(call, 0, 0, 0, 0, 0);
  }

  /**
   * Calls the function at an address of this process with up to six integer arguments.
   *
   * @return what the function returned; errno is not looked at
   */
  public static long invoke(long function, long a, long b, long c, long d, long e, long f) {
    return Native.INVOKER.invokeN6(Native.SIX_LONGS, function, a, b, c, d, e, f);
  }
}

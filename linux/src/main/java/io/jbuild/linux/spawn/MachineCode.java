package io.jbuild.linux.spawn;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.PageManager;
import com.kenai.jffi.Type;
import io.jbuild.linux.syscall.Arch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * The native function, in a page of its own that is never writable and executable at once. Its
 * source is {@code src/main/native/spawn_<architecture>.S}; a test rebuilds the bytes from it.
 */
final class MachineCode {
  private static final class Loaded {
    static final MachineCode CODE = new MachineCode(bytes(fileName(Arch.host())));
  }

  private final long address;
  private final CallContext signature =
      CallContext.getCallContext(
          Type.SINT64, new Type[] {Type.POINTER}, CallingConvention.DEFAULT, false);

  private MachineCode(byte[] code) {
    PageManager pages = PageManager.getInstance();
    address = pages.allocatePages(1, PageManager.PROT_READ | PageManager.PROT_WRITE);
    if (address == 0 || address == -1) {
      throw new OutOfMemoryError("a page for the spawn function");
    }
    MemoryIO.getInstance().putByteArray(address, code, 0, code.length);
    pages.protectPages(address, 1, PageManager.PROT_READ | PageManager.PROT_EXEC);
  }

  static MachineCode instance() {
    return Loaded.CODE;
  }

  static String fileName(Arch architecture) {
    return "spawn_" + architecture.name().toLowerCase(Locale.ROOT) + ".bin";
  }

  static byte[] bytes(String fileName) {
    try (InputStream in = MachineCode.class.getResourceAsStream(fileName)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + fileName);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the child's pid, or a negative errno. Sleeps in native code until the child's exec. */
  long spawn(long control) {
    return Invoker.getInstance().invokeN1(signature, address, control);
  }
}

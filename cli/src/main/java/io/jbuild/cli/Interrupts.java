package io.jbuild.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends the work in good order when the user or the system asks for it. The first signal interrupts
 * the working thread, which ends its step, removes what was not finished and comes back; the second
 * ends the program at once: the kernel then kills what runs in sandboxes, and the next start
 * sweeps.
 *
 * <p>Signals are caught with sun.misc.Signal, the only way that Java has. It is reached by
 * reflection because the compiler forbids naming it, and where it is missing the JVM's own handling
 * stays.
 */
final class Interrupts implements AutoCloseable {
  /** Number by name, as exit codes need it; the same on every Linux architecture. */
  private enum Signal {
    HUP(1),
    INT(2),
    TERM(15);

    final int number;

    Signal(int number) {
      this.number = number;
    }
  }

  private final AtomicInteger caught = new AtomicInteger();
  private final Thread worker;
  private boolean working;

  private Interrupts(Thread worker) {
    this.worker = worker;
  }

  /** The work was ended by a signal. */
  static final class SignalledException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int signal;

    SignalledException(int signal, Throwable cause) {
      super("interrupted", cause);
      this.signal = signal;
    }

    int exitCode() {
      return ExitCode.ofSignal(signal);
    }
  }

  /** Catches signals from now on, on behalf of the calling thread. */
  static Interrupts watch() {
    Interrupts interrupts = new Interrupts(Thread.currentThread());
    for (Signal signal : List.of(Signal.values())) {
      interrupts.install(signal);
    }
    return interrupts;
  }

  /** Runs the work; a signal during it makes it end with {@link SignalledException}. */
  <T> T run(Callable<T> work) throws Exception {
    synchronized (this) {
      working = true;
    }
    try {
      throwIfCaught(null); // one that came before there was anything to interrupt
      T result = work.call();
      throwIfCaught(null);
      return result;
    } catch (Exception e) {
      throwIfCaught(e);
      throw e;
    } finally {
      close();
    }
  }

  /**
   * From here on a signal no longer interrupts the thread; the flag that one left is taken down.
   */
  @Override
  public void close() {
    synchronized (this) {
      working = false;
      if (caught.get() != 0) {
        Thread.interrupted();
      }
    }
  }

  private void throwIfCaught(@org.jspecify.annotations.Nullable Exception cause)
      throws SignalledException {
    if (caught.get() != 0) {
      throw new SignalledException(
          caught.get(), cause == null ? new InterruptedException() : cause);
    }
  }

  private void handle(Signal signal) {
    if (!caught.compareAndSet(0, signal.number)) {
      Runtime.getRuntime().halt(ExitCode.ofSignal(signal.number));
    }
    synchronized (this) {
      if (working) {
        worker.interrupt();
      }
    }
  }

  private void install(Signal signal) {
    try {
      Class<?> signalClass = Class.forName("sun.misc.Signal");
      Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              Interrupts.class.getClassLoader(),
              new Class<?>[] {handlerClass},
              (proxy, method, arguments) -> answer(signal, proxy, method, arguments));
      Object native_ = signalClass.getConstructor(String.class).newInstance(signal.name());
      signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, native_, handler);
    } catch (InvocationTargetException e) {
      // The JVM keeps this signal to itself, or nohup has it ignored: both are to be respected.
      if (!(e.getCause() instanceof IllegalArgumentException)) {
        throw new IllegalStateException("cannot catch SIG" + signal, e);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", e);
    }
  }

  private Object answer(Signal signal, Object proxy, Method method, Object[] arguments) {
    switch (method.getName()) {
      case "handle":
        handle(signal);
        return Void.TYPE;
      case "equals":
        return proxy == arguments[0];
      case "hashCode":
        return System.identityHashCode(proxy);
      default:
        return "handler of SIG" + signal;
    }
  }
}

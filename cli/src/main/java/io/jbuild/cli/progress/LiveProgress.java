package io.jbuild.cli.progress;

import io.jbuild.builder.StepInfo;
import io.jbuild.builder.TransferProgress;
import io.jbuild.cli.text.Sizes;
import io.jbuild.cli.text.Text;
import io.jbuild.isolation.ladder.Rung;
import io.jbuild.isolation.ladder.Standing;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The view for a terminal: finished steps scroll up, running ones stay at the bottom with their
 * last lines and are redrawn ten times a second. Everything that can be long is cut to the width,
 * so that the number of rows to go back is always known.
 */
final class LiveProgress implements ProgressMode.ProgressDisplay {
  private static final String CLEAR_LINE = "\u001b[2K";
  private static final String DIM = "\u001b[2m";
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String PLAIN = "\u001b[0m";

  /** Lines of output that a running step shows. */
  private static final int TAIL = 6;

  private final PrintStream err;
  private final TerminalSize size;
  private final StepClock clock = new StepClock();
  private final Map<Integer, Running> running = new LinkedHashMap<>();
  private final Map<String, TransferProgress> transfers = new LinkedHashMap<>();
  private final ScheduledExecutorService redraw;
  private final Future<?> ticking;
  private int drawnRows;
  private boolean closed;

  LiveProgress(PrintStream err, TerminalSize size) {
    this.err = err;
    this.size = size;
    this.redraw =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    this.ticking = redraw.scheduleAtFixedRate(this::draw, 100, 100, TimeUnit.MILLISECONDS);
  }

  private record Running(StepInfo step, Deque<String> tail) {}

  @Override
  public synchronized void standing(Standing standing) {
    if (standing.rung() != Rung.FULL_ROOT) {
      scroll("> " + Text.cut(Text.printable(standing.toString()), size.columns() - 3));
    }
  }

  @Override
  public synchronized void stepStarted(StepInfo step) {
    clock.start(step);
    running.put(step.id(), new Running(step, new ArrayDeque<>()));
  }

  @Override
  public synchronized void stepOutput(StepInfo step, boolean standardError, byte[] line) {
    Running state = running.get(step.id());
    if (state == null) {
      return;
    }
    if (state.tail.size() == TAIL) {
      state.tail.removeFirst();
    }
    state.tail.addLast(Text.printable(line).replace('\t', ' '));
  }

  @Override
  public synchronized void stepCached(StepInfo step) {
    ended(step, DIM + "= ", "cached");
  }

  @Override
  public synchronized void stepFinished(StepInfo step, Duration took) {
    ended(step, GREEN + "+ " + PLAIN, Text.seconds(took));
  }

  @Override
  public synchronized void stepFailed(StepInfo step, Duration took, String message) {
    ended(step, RED + "x ", Text.seconds(took));
  }

  @Override
  public synchronized void stepCancelled(StepInfo step) {
    ended(step, DIM + "- ", "cancelled");
  }

  @Override
  public synchronized void warning(String message) {
    scroll(YELLOW + "warning: " + PLAIN + Text.printable(message));
  }

  @Override
  public synchronized void exporting(String what) {
    scroll("> " + Text.cut(Text.printable(what), size.columns() - 3));
  }

  @Override
  public synchronized void transfer(TransferProgress progress) {
    String key = progress.action() + " " + progress.subject();
    if (!progress.finished()) {
      transfers.put(key, progress);
      return;
    }
    transfers.remove(key);
    scroll(
        "> "
            + Text.cut(Text.printable(key), size.columns() - 16)
            + " "
            + Sizes.human(progress.doneBytes()));
  }

  @Override
  public void close() {
    ticking.cancel(false);
    redraw.shutdownNow();
    synchronized (this) {
      erase();
      closed = true;
      err.flush();
    }
  }

  private void ended(StepInfo step, String mark, String end) {
    running.remove(step.id());
    String title = Text.cut(PlainProgress.title(step), size.columns() - end.length() - 6);
    scroll(mark + title + " " + DIM + end + PLAIN);
  }

  private void scroll(String line) {
    erase();
    err.print(line + "\n");
    paint();
  }

  private synchronized void draw() {
    if (!closed) {
      erase();
      paint();
    }
  }

  private void erase() {
    if (drawnRows > 0) {
      err.print("\r\u001b[" + drawnRows + "A\u001b[J");
      drawnRows = 0;
    }
  }

  private void paint() {
    List<String> rows = new ArrayList<>();
    for (Running state : running.values()) {
      String elapsed = Text.seconds(clock.elapsed(state.step));
      rows.add(
          "* "
              + Text.cut(PlainProgress.title(state.step), size.columns() - elapsed.length() - 4)
              + " "
              + elapsed);
      for (String line : state.tail) {
        rows.add(DIM + "  | " + Text.cut(line, size.columns() - 5) + PLAIN);
      }
    }
    for (TransferProgress transfer : transfers.values()) {
      rows.add("* " + Text.cut(describe(transfer), size.columns() - 3));
    }
    int shown = Math.min(rows.size(), Math.max(1, size.rows() - 2));
    for (String row : rows.subList(0, shown)) {
      err.print(CLEAR_LINE + row + "\n");
    }
    drawnRows = shown;
    err.flush();
  }

  private static String describe(TransferProgress transfer) {
    String total = transfer.totalBytes() > 0 ? " of " + Sizes.human(transfer.totalBytes()) : "";
    return transfer.action()
        + " "
        + Text.printable(transfer.subject())
        + " "
        + Sizes.human(transfer.doneBytes())
        + total;
  }
}

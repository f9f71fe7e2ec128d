package io.jbuild.builder.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SolveTest {
  @Test
  void flight_runsOnceAndAFailedOneIsForgotten() {
    Flights<String, Integer> flights = new Flights<>();
    AtomicInteger runs = new AtomicInteger();
    CompletableFuture<Integer> pending = new CompletableFuture<>();
    var first =
        flights.join(
            "key",
            () -> {
              runs.incrementAndGet();
              return pending;
            });
    assertSame(first, flights.join("key", () -> CompletableFuture.completedFuture(9)));
    pending.completeExceptionally(new IOException("broken"));
    assertThrows(ExecutionException.class, first::get);
    assertEquals(7, flights.join("key", () -> CompletableFuture.completedFuture(7)).join());
    assertEquals(1, runs.get());
  }

  @Test
  void cancellation_tellsEachOnceAndHarderOnlyOnce() {
    Cancellation cancellation = new Cancellation();
    List<Cancellation.Strength> heard = new ArrayList<>();
    var registration = cancellation.onCancel(heard::add);
    cancellation.cancel(Cancellation.Strength.GENTLE);
    cancellation.cancel(Cancellation.Strength.GENTLE);
    cancellation.cancel(Cancellation.Strength.HARD);
    registration.close();
    assertEquals(List.of(Cancellation.Strength.GENTLE, Cancellation.Strength.HARD), heard);
    assertThrows(CancellationException.class, cancellation::check);
    cancellation.onCancel(heard::add).close();
    assertEquals(3, heard.size(), "who comes late is told at once");
  }

  @Test
  void tasks_giveTheExceptionThatWasThrown() {
    try (Tasks tasks = new Tasks(1)) {
      CompletableFuture<Object> failed =
          tasks.submit(
              () -> {
                throw new IOException("first");
              });
      CompletableFuture<Integer> after = tasks.after(failed, () -> 1);
      ExecutionException error = assertThrows(ExecutionException.class, after::get);
      assertEquals("first", Tasks.unwrap(error).getMessage());
    }
  }

  @Test
  void oneThread_isEnoughForAChain() {
    try (Tasks tasks = new Tasks(1)) {
      CompletableFuture<Integer> last = CompletableFuture.completedFuture(0);
      for (int i = 0; i < 1000; i++) {
        CompletableFuture<Integer> before = last;
        last = tasks.after(before, () -> before.join() + 1);
      }
      assertEquals(1000, last.join());
    }
  }
}

package io.jbuild.builder.solve;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * One flight per key: the first who asks starts the work, everyone gets the same result. Only a
 * failed flight is forgotten, so that who asks later may try again.
 */
public final class Flights<K, V> {
  private final ConcurrentHashMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();
  private final Executor landing;

  /** Who waits for a flight goes on in the thread that ended it. */
  public Flights() {
    this(Runnable::run);
  }

  /**
   * For flights that wait for flights: however long the chain, each goes on with a stack of its
   * own.
   *
   * @param landing where those who wait go on
   */
  public Flights(Executor landing) {
    this.landing = landing;
  }

  /**
   * The flight of a key, started by {@code work} when there is none. {@code work} returns its
   * future at once and runs elsewhere.
   */
  public CompletableFuture<V> join(K key, Supplier<CompletableFuture<V>> work) {
    CompletableFuture<V> ours = new CompletableFuture<>();
    CompletableFuture<V> other = flights.putIfAbsent(key, ours);
    if (other != null) {
      return other;
    }
    CompletableFuture<V> unused =
        work.get()
            .whenCompleteAsync(
                (value, error) -> {
                  if (error == null) {
                    ours.complete(value);
                  } else {
                    flights.remove(key, ours);
                    ours.completeExceptionally(Tasks.unwrap(error));
                  }
                },
                landing);
    return ours;
  }
}

package io.jbuild.builder.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jbuild.builder.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepCacheTest {
  @TempDir private Path directory;

  @Test
  void putIfAbsent_secondOfTwoBuilders_goesOnWithTheFirstRecord() throws Exception {
    StepKey key = StepKey.of("test").add("what", "step").build();
    StepCache one = Stores.open(directory.resolve("store"), warning -> {}).steps();
    StepCache other = Stores.open(directory.resolve("store"), warning -> {}).steps();
    StepRecord first = record(key, 1);
    assertEquals(first, one.putIfAbsent(key, first));
    assertEquals(first, other.putIfAbsent(key, record(key, 2)));
    other.put(key, record(key, 3));
    assertEquals(Optional.of(record(key, 3)), one.find(key));
  }

  private static StepRecord record(StepKey key, long second) {
    return new StepRecord(
        key.fields(), Optional.empty(), Instant.ofEpochSecond(second), Duration.ZERO, "title");
  }
}

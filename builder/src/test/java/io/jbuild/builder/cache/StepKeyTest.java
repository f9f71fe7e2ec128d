package io.jbuild.builder.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.jbuild.oci.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StepKeyTest {
  @Test
  void fieldsThatReadTheSameJoined_haveDifferentKeys() {
    List<StepKey> keys =
        List.of(
            StepKey.of("run").add("a", "bc").build(),
            StepKey.of("run").add("ab", "c").build(),
            StepKey.of("run").add("a", List.of("b", "c")).build(),
            StepKey.of("run").add("a", List.of("bc", "")).build(),
            StepKey.of("run").add("a", List.of()).add("bc", List.of()).build(),
            StepKey.of("run").add("a", "b").add("c", List.of()).build(),
            StepKey.of("runa").add("", "bc").build());
    Set<Object> digests = new HashSet<>();
    keys.forEach(key -> digests.add(key.digest()));
    assertEquals(keys.size(), digests.size());
  }

  @Test
  void orderOfAMap_doesNotMatter_valuesDo() {
    TreeMap<String, String> one = new TreeMap<>();
    one.put("B", "2");
    one.put("A", "1");
    TreeMap<String, String> two = new TreeMap<>(one);
    assertEquals(StepKey.of("x").add("env", one).build(), StepKey.of("x").add("env", two).build());
    two.put("A", "3");
    assertNotEquals(
        StepKey.of("x").add("env", one).build().digest(),
        StepKey.of("x").add("env", two).build().digest());
  }

  @Test
  void record_isReadAsWritten() throws Exception {
    StepKey key = StepKey.of("run").add("command", List.of("a", "b\n\"c")).build();
    StepRecord record =
        new StepRecord(
            key.fields(),
            Optional.empty(),
            Instant.parse("2026-01-02T03:04:05.678Z"),
            Duration.ofMillis(12),
            "RUN a");
    byte[] bytes = Json.write(record.toJson());
    assertEquals(record, StepRecord.fromJson(Json.readObject(bytes)));
  }
}

package io.jbuild.oci;

import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import java.time.Duration;
import java.util.List;

/**
 * How to find out whether a container works (Docker's HEALTHCHECK). Zero stands for the default.
 *
 * @param test {@code NONE}, or {@code CMD} or {@code CMD-SHELL} with its arguments; empty inherits
 */
public record Healthcheck(
    List<String> test,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {

  private static final List<String> FIELDS =
      List.of("Test", "Interval", "Timeout", "StartPeriod", "StartInterval", "Retries");

  public Healthcheck {
    test = List.copyOf(test);
  }

  public static Healthcheck none() {
    return new Healthcheck(
        List.of("NONE"), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
  }

  static Healthcheck fromJson(JsonObject json) throws MalformedException {
    json.refuseLookalikes(FIELDS);
    long retries = json.optionalInteger("Retries").orElse(0);
    if (retries < 0 || retries > Integer.MAX_VALUE) {
      throw new MalformedException("field \"Retries\": out of range: " + retries);
    }
    return new Healthcheck(
        json.strings("Test"),
        nanos(json, "Interval"),
        nanos(json, "Timeout"),
        nanos(json, "StartPeriod"),
        nanos(json, "StartInterval"),
        (int) retries);
  }

  private static Duration nanos(JsonObject json, String name) throws MalformedException {
    return Duration.ofNanos(json.optionalInteger(name).orElse(0));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .putIfAny("Test", test)
        .putIfAny("Interval", interval.toNanos())
        .putIfAny("Timeout", timeout.toNanos())
        .putIfAny("StartPeriod", startPeriod.toNanos())
        .putIfAny("StartInterval", startInterval.toNanos())
        .putIfAny("Retries", retries)
        .build();
  }
}

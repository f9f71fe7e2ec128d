package io.jbuild.builder.web;

import io.jbuild.oci.Digest;
import io.jbuild.oci.json.JsonObject;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.registry.http.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a server said of a file when it was fetched: the next request asks whether that still holds.
 *
 * @param address without credentials
 * @param etag as the server wrote it; may be empty
 * @param lastModified as the server wrote it; may be empty
 * @param checksum that the content is known to have beside its digest; may be empty
 * @param usable whether the next request may ask by the tag or the time
 */
record WebRecord(
    String address,
    Digest content,
    String etag,
    String lastModified,
    String checksum,
    boolean usable) {
  private static final int MAX_VALIDATOR = 1024;

  /** Of content that came with the answer. */
  static WebRecord of(String address, Digest content, Response response, String checksum) {
    String etag = header(response, "ETag");
    String lastModified = header(response, "Last-Modified");
    boolean usable = !etag.isEmpty() || isSettled(lastModified, header(response, "Date"));
    return new WebRecord(address, content, etag, lastModified, checksum, usable);
  }

  /** Of content that was here: nobody looked at what the server has, so its tag says nothing. */
  static WebRecord unseen(String address, Digest content, Response response) {
    return new WebRecord(address, content, "", header(response, "Last-Modified"), "", false);
  }

  /** RFC 9110, 8.8.2.2: what changed in this second may change once more in it. */
  private static boolean isSettled(String lastModified, String date) {
    Optional<Instant> changed = time(lastModified);
    return changed.isPresent() && time(date).filter(now -> now.isAfter(changed.get())).isPresent();
  }

  /** What would be no use in a request is as good as nothing. */
  private static String header(Response response, String name) {
    String value = response.header(name).orElse("");
    boolean usable =
        value.length() <= MAX_VALIDATOR && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    return usable ? value : "";
  }

  WebFile file() {
    return new WebFile(content, modified());
  }

  /** A date that cannot be read is none. */
  private Optional<Instant> modified() {
    return time(lastModified);
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** RFC 9110, 13.1: a server that knows entity tags does not look at the date. */
  Map<String, String> conditions() {
    Map<String, String> headers = new LinkedHashMap<>();
    if (!usable) {
      return headers;
    }
    if (!etag.isEmpty()) {
      headers.put("If-None-Match", etag);
    } else if (!lastModified.isEmpty()) {
      headers.put("If-Modified-Since", lastModified);
    }
    return headers;
  }

  /** Whether an answer with content is about the same: some servers ignore conditions. */
  boolean isStillMeantBy(Response response) {
    return usable && !etag.isEmpty() && etag.equals(header(response, "ETag"));
  }

  WebRecord withChecksum(Checksum other) {
    return new WebRecord(address, content, etag, lastModified, other.toString(), usable);
  }

  boolean has(Checksum wanted) {
    return content.toString().equals(wanted.toString()) || checksum.equals(wanted.toString());
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("address", address)
        .put("content", content.toString())
        .put("etag", etag)
        .put("lastModified", lastModified)
        .put("checksum", checksum)
        .put("usable", usable)
        .build();
  }

  static WebRecord fromJson(JsonObject json) throws MalformedException {
    return new WebRecord(
        json.string("address"),
        Digest.parse(json.string("content")),
        json.string("etag"),
        json.string("lastModified"),
        json.string("checksum"),
        json.flag("usable"));
  }
}

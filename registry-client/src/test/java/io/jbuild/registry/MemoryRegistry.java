package io.jbuild.registry;

import io.jbuild.oci.Digest;
import io.jbuild.registry.ScriptedServer.Reply;
import io.jbuild.registry.ScriptedServer.Seen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A registry that behaves, in memory; what scripted servers do when nothing else is said. */
final class MemoryRegistry implements ScriptedServer.Handler {
  private static final Pattern PATH =
      Pattern.compile("/v2/(.+)/(blobs/uploads|blobs|manifests|tags)/(.*)");

  @SuppressWarnings("ArrayRecordComponent") // read, never compared
  private record Stored(String type, byte[] bytes) {}

  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, Stored> manifests = new ConcurrentHashMap<>();
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();

  Digest addBlob(String repository, byte[] bytes) {
    Digest digest = Digest.sha256(bytes);
    blobs.put(repository + "@" + digest, bytes);
    return digest;
  }

  void addManifest(String repository, String tag, String type, byte[] bytes) {
    manifests.put(repository + "@" + tag, new Stored(type, bytes));
    manifests.put(repository + "@" + Digest.sha256(bytes), new Stored(type, bytes));
  }

  Optional<byte[]> blob(String repository, Digest digest) {
    return Optional.ofNullable(blobs.get(repository + "@" + digest));
  }

  boolean hasManifest(String repository, String reference) {
    return manifests.containsKey(repository + "@" + reference);
  }

  void forgetUploads() {
    uploads.clear();
  }

  void openUpload(String id) {
    uploads.put(id, new ByteArrayOutputStream());
  }

  /** Bytes that arrived in an upload before its connection broke. */
  void receive(String target, byte[] bytes) {
    String path = java.net.URI.create(target).getPath();
    Objects.requireNonNull(uploads.get(path.substring(path.lastIndexOf('/') + 1)))
        .writeBytes(bytes);
  }

  @Override
  public void handle(Seen request, Reply reply) throws IOException {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      reply.send(404, "{}");
      return;
    }
    String name = path.group(1);
    switch (path.group(2)) {
      case "blobs" -> blob(request, reply, name + "@" + path.group(3));
      case "manifests" -> manifest(request, reply, name, path.group(3));
      case "blobs/uploads" -> upload(request, reply, name, path.group(3));
      default -> reply.send(200, "{\"name\":\"x\",\"tags\":[\"one\",\"two\"]}");
    }
  }

  private void blob(Seen request, Reply reply, String key) throws IOException {
    byte[] bytes = blobs.get(key);
    if (bytes == null) {
      notFound(request, reply, "BLOB_UNKNOWN");
    } else if (request.method().equals("HEAD")) {
      reply.head(200, "Content-Length: " + bytes.length);
    } else if (request.header("Range").isEmpty()) {
      reply.send(200, bytes);
    } else {
      int from = Integer.parseInt(request.header("Range").replaceAll("bytes=(\\d+)-", "$1"));
      String range = "Content-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length;
      reply.send(206, java.util.Arrays.copyOfRange(bytes, from, bytes.length), range);
    }
  }

  private static void notFound(Seen request, Reply reply, String code) throws IOException {
    if (request.method().equals("HEAD")) {
      reply.head(404, "Content-Length: 0");
    } else {
      reply.send(404, "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"unknown\"}]}");
    }
  }

  private void manifest(Seen request, Reply reply, String name, String reference)
      throws IOException {
    if (request.method().equals("PUT")) {
      addManifest(name, reference, request.header("Content-Type"), request.body());
      reply.send(
          201, "", "Location: /x", "Docker-Content-Digest: " + Digest.sha256(request.body()));
      return;
    }
    Stored stored = manifests.get(name + "@" + reference);
    if (stored == null) {
      notFound(request, reply, "MANIFEST_UNKNOWN");
      return;
    }
    String type = "Content-Type: " + stored.type();
    String digest = "Docker-Content-Digest: " + Digest.sha256(stored.bytes());
    if (request.method().equals("HEAD")) {
      reply.head(200, type, digest, "Content-Length: " + stored.bytes().length);
    } else {
      reply.send(200, stored.bytes(), type, digest);
    }
  }

  private void upload(Seen request, Reply reply, String name, String id) throws IOException {
    if (request.method().equals("POST")) {
      begin(request, reply, name);
      return;
    }
    ByteArrayOutputStream upload = uploads.get(id);
    if (upload == null) {
      notFound(request, reply, "BLOB_UPLOAD_UNKNOWN");
      return;
    }
    switch (request.method()) {
      case "GET" -> accepted(reply, 204, name, id, upload);
      case "PATCH" -> {
        String from = request.header("Content-Range").replaceAll("-.*", "");
        if (!from.equals(Integer.toString(upload.size()))) {
          accepted(reply, 416, name, id, upload);
          return;
        }
        upload.writeBytes(request.body());
        accepted(reply, 202, name, id, upload);
      }
      case "PUT" -> finish(request, reply, name, id, upload);
      default -> reply.head(204);
    }
  }

  private void begin(Seen request, Reply reply, String name) throws IOException {
    String mount = request.query("mount");
    byte[] there = blobs.get(request.query("from") + "@" + mount);
    if (there != null) {
      blobs.put(name + "@" + mount, there);
      reply.send(201, "", "Location: /v2/" + name + "/blobs/" + mount);
      return;
    }
    String id = "u" + number.incrementAndGet();
    ByteArrayOutputStream upload = new ByteArrayOutputStream();
    uploads.put(id, upload);
    accepted(reply, 202, name, id, upload);
  }

  private static void accepted(
      Reply reply, int status, String name, String id, ByteArrayOutputStream upload)
      throws IOException {
    String location =
        "Location: /v2/" + name + "/blobs/uploads/" + id + "?_state=s" + upload.size();
    String range = "Range: 0-" + Math.max(0, upload.size() - 1);
    if (status == 204) {
      reply.head(status, location, range);
    } else {
      reply.send(status, "", location, range);
    }
  }

  private void finish(
      Seen request, Reply reply, String name, String id, ByteArrayOutputStream upload)
      throws IOException {
    upload.writeBytes(request.body());
    byte[] bytes = upload.toByteArray();
    uploads.remove(id);
    if (!Digest.sha256(bytes).toString().equals(request.query("digest"))) {
      reply.send(400, "{\"errors\":[{\"code\":\"DIGEST_INVALID\",\"message\":\"no match\"}]}");
      return;
    }
    reply.send(201, "", "Docker-Content-Digest: " + addBlob(name, bytes));
  }
}

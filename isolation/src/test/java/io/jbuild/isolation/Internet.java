package io.jbuild.isolation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A network behind this machine, made of a namespace: one host that answers on port 80 with the
 * address that it was called from. Its addresses are of 198.18.0.0/15, which is there for tests,
 * and differ between processes.
 */
final class Internet implements Closeable {
  static final String SERVER = address(2);
  static final String GATEWAY = address(1);

  private static final String NAME = "jbt" + ProcessHandle.current().pid();

  private final Path site;

  private Internet(Path site) {
    this.site = site;
  }

  private static String address(int host) {
    int offset = (int) (ProcessHandle.current().pid() % (1 << 15)) * 4 + host;
    return "198." + (18 + (offset >> 16)) + "." + (offset >> 8 & 0xff) + "." + (offset & 0xff);
  }

  /**
   * @param site an empty directory for what the server shows
   */
  static Internet open(Path site) throws IOException, InterruptedException {
    ip("netns", "add", NAME);
    try {
      ip("link", "add", NAME, "type", "veth", "peer", "name", "eth0", "netns", NAME);
      ip("addr", "add", GATEWAY + "/30", "dev", NAME);
      ip("link", "set", NAME, "up");
      inside("ip", "addr", "add", SERVER + "/30", "dev", "eth0");
      inside("ip", "link", "set", "eth0", "up");
      inside("ip", "link", "set", "lo", "up");
      Internet made = new Internet(site);
      made.serve();
      return made;
    } catch (IOException e) {
      ip("netns", "del", NAME);
      throw e;
    }
  }

  /** Returns when the server listens: only then does it leave its parent. */
  private void serve() throws IOException, InterruptedException {
    Path script = Files.createDirectory(site.resolve("cgi-bin")).resolve("who");
    Files.writeString(script, "#!/bin/sh\necho; echo $REMOTE_ADDR | tr -d '[]:f'\n");
    boolean unused = script.toFile().setExecutable(true);
    inside("/bin/busybox", "httpd", "-p", "80", "-h", site.toString());
  }

  private static void inside(String... words) throws IOException, InterruptedException {
    String unused = run(command(List.of("ip", "netns", "exec", NAME), words));
  }

  static String ip(String... words) throws IOException, InterruptedException {
    return run(command(List.of("ip"), words));
  }

  private static List<String> command(List<String> start, String... words) {
    List<String> all = new ArrayList<>(start);
    Collections.addAll(all, words);
    return all;
  }

  /** Runs a program that is expected to succeed; returns what it wrote. */
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + out);
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    try {
      for (String pid : ip("netns", "pids", NAME).split("\\s+", 0)) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
      ip("link", "del", NAME); // the end of a namespace comes later than its name's
      ip("netns", "del", NAME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}

package io.jbuild.isolation;

import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that tell a sandbox how to find hosts: /etc/hosts and /etc/resolv.conf. */
final class NameFiles {
  private static final TreePath HOSTS = TreePath.parse("/etc/hosts");
  private static final TreePath RESOLVER = TreePath.parse("/etc/resolv.conf");
  private static final int MAX_BYTES = 64 * 1024;
  private static final int READABLE = 0644;

  private NameFiles() {}

  /** Those that the caller has not given himself. */
  static List<SandboxFile> missingFrom(SandboxSpec spec) throws IOException {
    List<SandboxFile> files = new ArrayList<>();
    if (!isGiven(spec, HOSTS)) {
      files.add(new SandboxFile(HOSTS, hosts(spec.hostname()), READABLE, 0, 0));
    }
    if (!isGiven(spec, RESOLVER)) {
      files.add(new SandboxFile(RESOLVER, resolver(spec.network()), READABLE, 0, 0));
    }
    return files;
  }

  private static boolean isGiven(SandboxSpec spec, TreePath target) {
    return spec.files().stream().anyMatch(file -> file.target().equals(target))
        || spec.mounts().stream().anyMatch(mount -> mount.target().equals(target));
  }

  private static byte[] hosts(String hostname) {
    String text =
        "127.0.0.1\tlocalhost " + hostname + "\n::1\tlocalhost ip6-localhost ip6-loopback\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] resolver(Network network) throws IOException {
    Path host = Path.of("/etc/resolv.conf");
    if (network == Network.HOST && Files.isReadable(host)) {
      try (InputStream in = Files.newInputStream(host)) {
        return in.readNBytes(MAX_BYTES);
      }
    }
    return "# this sandbox has no network\n".getBytes(StandardCharsets.US_ASCII);
  }
}

package io.jbuild.builder.step;

import io.jbuild.isolation.SandboxFile;
import io.jbuild.linux.TreePath;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * /etc/hosts with the hosts that the caller added; without any the isolation core writes its own.
 */
public final class HostFiles {
  private static final TreePath HOSTS = TreePath.parse("/etc/hosts");

  private HostFiles() {}

  /**
   * @param addHosts {@code name:address} or {@code name=address} each
   * @param given files that are there already, none of which is replaced
   */
  public static List<SandboxFile> of(List<String> addHosts, List<SandboxFile> given) {
    if (addHosts.isEmpty() || given.stream().anyMatch(file -> file.target().equals(HOSTS))) {
      return List.of();
    }
    StringBuilder text = new StringBuilder("127.0.0.1\tlocalhost\n");
    text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
    for (String line : addHosts) {
      int split = line.indexOf('=') > 0 ? line.indexOf('=') : line.indexOf(':');
      String name = split < 0 ? line : line.substring(0, split);
      String address = split < 0 ? "" : line.substring(split + 1);
      text.append(address.replaceAll("^\\[|\\]$", "")).append('\t').append(name).append('\n');
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    return List.of(new SandboxFile(HOSTS, content, 0644, 0, 0));
  }
}

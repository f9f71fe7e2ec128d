package io.jbuild.isolation;

import io.jbuild.isolation.network.PrivateNetworks;
import io.jbuild.isolation.network.ResolverFile;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that tell a sandbox how to find hosts: /etc/hosts and /etc/resolv.conf. */
final class NameFiles {
  private static final TreePath HOSTS = TreePath.parse("/etc/hosts");
  private static final TreePath RESOLVER = TreePath.parse("/etc/resolv.conf");
  private static final int READABLE = 0644;

  private final SandboxSpec spec;
  private final PrivateNetworks networks;

  NameFiles(SandboxSpec spec, PrivateNetworks networks) {
    this.spec = spec;
    this.networks = networks;
  }

  /** As {@link #missing}, for a sandbox that has the machine's network. */
  static List<SandboxFile> ofHost(SandboxSpec spec) throws IOException {
    return new NameFiles(spec, new PrivateNetworks()).missing();
  }

  /** Those that the caller has not given himself. */
  List<SandboxFile> missing() throws IOException {
    List<SandboxFile> files = new ArrayList<>();
    if (!isGiven(HOSTS)) {
      files.add(new SandboxFile(HOSTS, hosts(), READABLE, 0, 0));
    }
    if (!isGiven(RESOLVER)) {
      files.add(new SandboxFile(RESOLVER, resolver(), READABLE, 0, 0));
    }
    return files;
  }

  private boolean isGiven(TreePath target) {
    return spec.files().stream().anyMatch(file -> file.target().equals(target))
        || spec.mounts().stream().anyMatch(mount -> mount.target().equals(target));
  }

  private byte[] hosts() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("127.0.0.1\tlocalhost ").append(spec.hostname()).append('\n');
    text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
    for (NameService.Host host : spec.names().hosts()) {
      Optional<InetAddress> address = host.address().isPresent() ? host.address() : ownMachine();
      address.ifPresent(
          a -> text.append(a.getHostAddress()).append('\t').append(host.name()).append('\n'));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Nowhere for a sandbox that reaches nothing. */
  private Optional<InetAddress> ownMachine() throws IOException {
    if (spec.network().isPrivate()) {
      return networks.host();
    }
    return spec.network().isOwn()
        ? Optional.empty()
        : Optional.of(InetAddress.getLoopbackAddress());
  }

  private byte[] resolver() throws IOException {
    if (spec.network().equals(Network.NONE)) {
      return "# this sandbox has no network\n".getBytes(StandardCharsets.US_ASCII);
    }
    NameService names = spec.names();
    if (!spec.network().isOwn() && names.isUsualResolver()) {
      return ResolverFile.hostBytes();
    }
    ResolverFile usual = spec.network().isOwn() ? networks.resolver() : ResolverFile.ofHost();
    return usual
        .replaced(names.servers(), names.searches(), names.options())
        .text()
        .getBytes(StandardCharsets.UTF_8);
  }
}

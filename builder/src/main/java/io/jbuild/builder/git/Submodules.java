package io.jbuild.builder.git;

import io.jbuild.builder.UserException;
import io.jbuild.linux.TreePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The repositories that a commit names inside of it. git's own {@code submodule} command is not
 * asked: it is a script that believes much of what stands in .gitmodules.
 */
final class Submodules {
  private static final String FILE = ":.gitmodules";
  private static final String LINK = "160000 commit ";
  private static final int MAX_ENTRY = 1 << 16;

  /**
   * A submodule.
   *
   * @param path where it lies in the repository that names it
   */
  record Submodule(TreePath path, GitRemote remote, String commit) {}

  private final BareRepository repository;
  private final GitRemote remote;
  private final String commit;

  Submodules(BareRepository repository, GitRemote remote, String commit) {
    this.repository = repository;
    this.remote = remote;
    this.commit = commit;
  }

  /** Those of the commit; empty where it has no .gitmodules. */
  List<Submodule> find() throws IOException, UserException, InterruptedException {
    if (!hasFile()) {
      return List.of();
    }
    Map<TreePath, Map<String, String>> modules = byPath(settings());
    List<Submodule> found = new ArrayList<>();
    for (Map.Entry<TreePath, String> link : links().entrySet()) {
      Map<String, String> module = modules.get(link.getKey());
      if (module == null || module.get("url") == null) {
        throw new UserException(
            "submodule \"" + link.getKey() + "\" of " + remote + ": .gitmodules has no URL of it",
            "leave submodules out with ?submodules=false");
      }
      if (!"none".equals(module.get("update"))) {
        GitRemote from = remote(link.getKey(), module.get("url"));
        found.add(new Submodule(link.getKey(), from, link.getValue()));
      }
    }
    return found;
  }

  private boolean hasFile() throws IOException, UserException, InterruptedException {
    try {
      repository.run("cat-file", "-e", commit + FILE).run();
      return true;
    } catch (GitFailure e) {
      return false;
    }
  }

  /** Name of a module to its settings. */
  private Map<String, Map<String, String>> settings()
      throws IOException, UserException, InterruptedException {
    String listing;
    try {
      listing =
          repository
              .run("config", "--no-includes", "--blob", commit + FILE, "--list", "--null")
              .text();
    } catch (GitFailure e) {
      throw new UserException(
          ".gitmodules of " + remote + " cannot be read: " + e.reason(),
          "leave submodules out with ?submodules=false");
    }
    Map<String, Map<String, String>> modules = new HashMap<>();
    for (String entry : listing.split("\0", -1)) {
      int end = entry.indexOf('\n');
      String key = end < 0 ? entry : entry.substring(0, end);
      int dot = key.lastIndexOf('.');
      if (key.startsWith("submodule.") && dot > "submodule.".length()) {
        modules
            .computeIfAbsent(key.substring("submodule.".length(), dot), name -> new HashMap<>())
            .put(key.substring(dot + 1), end < 0 ? "" : entry.substring(end + 1));
      }
    }
    return modules;
  }

  private static Map<TreePath, Map<String, String>> byPath(
      Map<String, Map<String, String>> modules) {
    Map<TreePath, Map<String, String>> byPath = new HashMap<>();
    for (Map<String, String> module : modules.values()) {
      Optional.ofNullable(module.get("path"))
          .ifPresent(path -> byPath.put(TreePath.parse(path), module));
    }
    return byPath;
  }

  /** Path to commit. The listing names every file of the repository, so it is never held whole. */
  private Map<TreePath, String> links() throws IOException, UserException, InterruptedException {
    Map<TreePath, String> links = new HashMap<>();
    repository.run("ls-tree", "-r", "-z", "--full-tree", commit).stream(
        listing -> {
          for (byte[] entry = entry(listing); entry.length > 0; entry = entry(listing)) {
            addLink(entry, links);
          }
        });
    return links;
  }

  private static byte[] entry(InputStream in) throws IOException {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    for (int c = in.read(); c > 0; c = in.read()) {
      if (entry.size() == MAX_ENTRY) {
        throw new IOException("git ls-tree names a path of more than " + MAX_ENTRY + " bytes");
      }
      entry.write(c);
    }
    return entry.toByteArray();
  }

  private static void addLink(byte[] entry, Map<TreePath, String> links) {
    String text = new String(entry, StandardCharsets.ISO_8859_1);
    int tab = text.indexOf('\t');
    if (text.startsWith(LINK) && tab > 0) {
      String id = text.substring(LINK.length(), tab);
      if (RefName.isCommit(id)) {
        links.put(TreePath.parse(Arrays.copyOfRange(entry, tab + 1, entry.length)), id);
      }
    }
  }

  private GitRemote remote(TreePath path, String url) throws UserException {
    try {
      return GitRemote.parse(
          url.startsWith("./") || url.startsWith("../") ? relative(remote.url(), url) : url);
    } catch (UserException e) {
      throw new UserException(
          "submodule \"" + path + "\" of " + remote + ": " + e.getMessage(),
          "leave submodules out with ?submodules=false");
    }
  }

  /** A URL that is given relative to that of the repository that names it. */
  static String relative(String base, String url) throws UserException {
    int root =
        base.contains("://") ? base.indexOf('/', base.indexOf("://") + 3) : base.indexOf(':');
    String host = base.substring(0, root + 1);
    String path = base.substring(root + 1).replaceFirst("/+$", "");
    String rest = url;
    while (rest.startsWith("./") || rest.startsWith("../")) {
      if (rest.startsWith("../")) {
        if (path.isEmpty()) {
          throw new UserException("\"" + url + "\" leads out of the server of " + base);
        }
        path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
      }
      rest = rest.substring(rest.indexOf('/') + 1);
    }
    return host + (path.isEmpty() ? rest : path + "/" + rest);
  }
}

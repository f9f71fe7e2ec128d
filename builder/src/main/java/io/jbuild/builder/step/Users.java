package io.jbuild.builder.step;

import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.User;
import io.jbuild.linux.FileType;
import io.jbuild.linux.InputFile;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Names of users and groups as an image's own /etc/passwd and /etc/group have them, read as text
 * and never through the machine's name service.
 */
public final class Users {
  private static final int MAX_BYTES = 10 << 20;
  private static final TreePath PASSWD = TreePath.parse("/etc/passwd");
  private static final TreePath GROUP = TreePath.parse("/etc/group");

  private Users() {}

  /** Who a process runs as, and where that user's home is. */
  public record Account(User user, String home) {}

  /** A line of passwd. */
  private record Entry(String name, long uid, long gid, String home) {}

  /** {@code USER}: a name or id, possibly with a group; nothing is root. */
  public static User resolve(TreeView root, String user, Origin origin)
      throws IOException, BuildfileException {
    return account(root, user, origin).user();
  }

  public static Account account(TreeView root, String user, Origin origin)
      throws IOException, BuildfileException {
    try {
      return account(root, user);
    } catch (UnknownName e) {
      throw origin.error(String.valueOf(e.getMessage()));
    }
  }

  /** As {@link #account(TreeView, String, Origin)}, where no Buildfile names the user. */
  public static Account account(TreeView root, String text) throws IOException, UnknownName {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String group = colon < 0 ? "" : text.substring(colon + 1);
    Optional<Entry> entry = find(root, name.isEmpty() ? "0" : name);
    long uid = entry.map(Entry::uid).orElseGet(() -> number(name).orElse(0));
    if (entry.isEmpty() && number(name).isEmpty() && !isRootName(name)) {
      throw new UnknownName("no user \"" + name + "\" in the image's /etc/passwd");
    }
    String home = entry.map(Entry::home).filter(dir -> !dir.isEmpty()).orElse("/");
    if (entry.isEmpty() && uid == 0) {
      home = "/root";
    }
    if (!group.isEmpty()) {
      return new Account(new User(uid, group(root, group), List.of()), home);
    }
    long gid = entry.map(Entry::gid).orElse(0L);
    List<Long> groups = entry.isPresent() ? memberships(root, entry.get().name()) : List.<Long>of();
    return new Account(new User(uid, gid, groups), home);
  }

  private static boolean isRootName(String name) {
    return name.isEmpty() || name.equals("root");
  }

  /** {@code --chown}: an id alone is both user and group; a name alone brings its primary group. */
  public static io.jbuild.builder.copy.Owner owner(TreeView root, String text, Origin origin)
      throws IOException, BuildfileException {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String group = colon < 0 ? "" : text.substring(colon + 1);
    try {
      OptionalLong id = number(name);
      if (colon < 0 && id.isPresent()) {
        return new io.jbuild.builder.copy.Owner(id.getAsLong(), id.getAsLong());
      }
      Account account = id.isPresent() ? numeric(id.getAsLong()) : account(root, name);
      long gid = group.isEmpty() ? account.user().gid() : group(root, group);
      return new io.jbuild.builder.copy.Owner(account.user().uid(), gid);
    } catch (UnknownName e) {
      throw origin.error("--chown=" + text + ": " + e.getMessage());
    }
  }

  private static Account numeric(long id) {
    return new Account(new User(id, id, List.of()), "/");
  }

  /** Whether an owner can be told without a look into the image. */
  public static boolean isNumeric(String owner) {
    for (String part : owner.split(":", 2)) {
      if (number(part).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static long group(TreeView root, String group) throws IOException, UnknownName {
    for (String[] fields : lines(root, GROUP)) {
      if (fields.length >= 3 && (fields[0].equals(group) || fields[2].equals(group))) {
        OptionalLong gid = number(fields[2]);
        if (gid.isPresent()) {
          return gid.getAsLong();
        }
      }
    }
    OptionalLong id = number(group);
    if (id.isPresent() || group.equals("root")) {
      return id.orElse(0);
    }
    throw new UnknownName("no group \"" + group + "\" in the image's /etc/group");
  }

  private static List<Long> memberships(TreeView root, String name) throws IOException {
    List<Long> groups = new ArrayList<>();
    for (String[] fields : lines(root, GROUP)) {
      if (fields.length >= 4 && List.of(fields[3].split(",")).contains(name)) {
        number(fields[2]).ifPresent(groups::add);
      }
    }
    return groups;
  }

  private static Optional<Entry> find(TreeView root, String nameOrId) throws IOException {
    Optional<Entry> byId = Optional.empty();
    for (String[] fields : lines(root, PASSWD)) {
      if (fields.length < 6) {
        continue;
      }
      OptionalLong uid = number(fields[2]);
      OptionalLong gid = number(fields[3]);
      if (uid.isEmpty() || gid.isEmpty()) {
        continue;
      }
      Entry entry = new Entry(fields[0], uid.getAsLong(), gid.getAsLong(), fields[5]);
      if (entry.name().equals(nameOrId)) {
        return Optional.of(entry);
      }
      if (byId.isEmpty() && fields[2].equals(nameOrId)) {
        byId = Optional.of(entry);
      }
    }
    return byId;
  }

  private static List<String[]> lines(TreeView root, TreePath path) throws IOException {
    var found = root.resolve(path);
    if (found.stat().isEmpty() || found.stat().get().type() != FileType.REGULAR) {
      return List.of();
    }
    try (InputFile file = root.read(found.path());
        InputStream in = file.asStream()) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(path + " of the image is larger than " + MAX_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.ISO_8859_1)
          .lines()
          .map(line -> line.split(":", -1))
          .toList();
    }
  }

  private static OptionalLong number(String text) {
    if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    long value = Long.parseLong(text);
    return value <= User.MAX_ID ? OptionalLong.of(value) : OptionalLong.empty();
  }

  /** A name that the image does not know. */
  public static final class UnknownName extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownName(String message) {
      super(message);
    }
  }
}

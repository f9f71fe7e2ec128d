package io.jbuild.isolation;

import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The users and groups of an image, read from its /etc/passwd and /etc/group by our own parser: no
 * code, locale or service of the image takes part in answering who somebody is.
 *
 * <p>Lines that are not well formed are passed over, as the C library does. An id is a plain
 * decimal number from 0 to {@value User#MAX_ID}; a name of digits only is never looked up, and
 * nobody is ever root for want of an entry.
 */
public final class Accounts {
  /** Larger files are refused: no image has so many users. */
  public static final int MAX_BYTES = 10 << 20;

  private static final TreePath PASSWD = TreePath.parse("/etc/passwd");
  private static final TreePath GROUP = TreePath.parse("/etc/group");
  private static final int MAX_ID_DIGITS = 10;

  /** Opens files of an image; whatever looks below a root can be asked. */
  @FunctionalInterface
  public interface Source {
    /** The regular file at this path, symlinks resolved inside the image, or empty. */
    Optional<InputStream> open(TreePath path) throws IOException;
  }

  /**
   * Somebody as an image knows them.
   *
   * @param home their directory as /etc/passwd has it; empty without an entry that names one
   */
  public record Account(User user, Optional<String> home) {}

  private record UserEntry(String name, long uid, long gid, String home) {}

  private record GroupEntry(String name, long gid, List<String> members) {}

  private final List<UserEntry> users;
  private final List<GroupEntry> groups;

  private Accounts(List<UserEntry> users, List<GroupEntry> groups) {
    this.users = users;
    this.groups = groups;
  }

  /** Reads both files; one that is missing is empty. */
  public static Accounts read(Source source) throws IOException {
    List<UserEntry> users = new ArrayList<>();
    for (String line : lines(source, PASSWD)) {
      List<String> fields = List.of(line.split(":", -1));
      if (fields.size() >= 4 && isName(fields.get(0))) {
        Optional<Long> uid = id(fields.get(2));
        Optional<Long> gid = id(fields.get(3));
        if (uid.isPresent() && gid.isPresent()) {
          String home = fields.size() >= 6 ? fields.get(5) : "";
          users.add(new UserEntry(fields.get(0), uid.get(), gid.get(), home));
        }
      }
    }
    List<GroupEntry> groups = new ArrayList<>();
    for (String line : lines(source, GROUP)) {
      List<String> fields = List.of(line.split(":", -1));
      if (fields.size() >= 4 && isName(fields.get(0)) && id(fields.get(2)).isPresent()) {
        List<String> members = List.of(fields.get(3).split(",", -1));
        groups.add(new GroupEntry(fields.get(0), id(fields.get(2)).get(), members));
      }
    }
    return new Accounts(List.copyOf(users), List.copyOf(groups));
  }

  private static List<String> lines(Source source, TreePath path) throws IOException {
    try (InputStream in = source.open(path).orElseGet(InputStream::nullInputStream)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("\"" + path + "\" is larger than " + MAX_BYTES + " bytes");
      }
      // ISO-8859-1 keeps every byte apart, so names compare as bytes whatever their encoding
      return new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
    }
  }

  private static boolean isName(String text) {
    return !text.isEmpty() && !isDigits(text);
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Optional<Long> id(String text) {
    if (!isDigits(text) || text.length() > MAX_ID_DIGITS) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(text)).filter(id -> id <= User.MAX_ID);
  }

  /**
   * Resolves {@code user}, {@code user:group} or {@code :group}, each a name or a number.
   *
   * <p>A named user brings the groups that list it; a group that is given replaces them all. A
   * number needs no entry; without one its primary group is 0.
   *
   * @throws UnknownAccountException where a name is not known, or an id is out of range
   */
  public Account resolve(String spec) throws UnknownAccountException {
    int colon = spec.indexOf(':');
    String user = colon < 0 ? spec : spec.substring(0, colon);
    String group = colon < 0 ? "" : spec.substring(colon + 1);
    if (group.indexOf(':') >= 0 || (spec.isEmpty() || spec.equals(":"))) {
      throw new UnknownAccountException("user", spec, "is not user[:group]");
    }
    Account resolved = resolveUser(user.isEmpty() ? "0" : user);
    if (group.isEmpty()) {
      return resolved;
    }
    return new Account(
        new User(resolved.user().uid(), resolveGroup(group), List.of()), resolved.home());
  }

  private Account resolveUser(String text) throws UnknownAccountException {
    if (!isDigits(text)) {
      return findUser(e -> e.name().equals(asBytes(text)))
          .map(this::account)
          .orElseThrow(() -> new UnknownAccountException("user", text, "is not in /etc/passwd"));
    }
    long uid = id(text).orElseThrow(() -> outOfRange("user", text));
    return findUser(e -> e.uid() == uid)
        .map(this::account)
        .orElseGet(() -> new Account(new User(uid, 0, List.of()), Optional.empty()));
  }

  private Account account(UserEntry entry) {
    String home =
        new String(entry.home().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return new Account(
        new User(entry.uid(), entry.gid(), groupsOf(entry)),
        Optional.of(home).filter(text -> !text.isEmpty()));
  }

  /** Resolves a group, a name or a number, to its number. */
  public long resolveGroup(String text) throws UnknownAccountException {
    if (isDigits(text)) {
      return id(text).orElseThrow(() -> outOfRange("group", text));
    }
    return groups.stream()
        .filter(entry -> entry.name().equals(asBytes(text)))
        .findFirst()
        .map(GroupEntry::gid)
        .orElseThrow(() -> new UnknownAccountException("group", text, "is not in /etc/group"));
  }

  private static UnknownAccountException outOfRange(String what, String text) {
    return new UnknownAccountException(what, text, "is not a number up to " + User.MAX_ID);
  }

  private Optional<UserEntry> findUser(Predicate<UserEntry> test) {
    return users.stream().filter(test).findFirst();
  }

  /** The primary group first, then each that lists the user. */
  private List<Long> groupsOf(UserEntry user) {
    List<Long> all = new ArrayList<>();
    all.add(user.gid());
    groups.stream()
        .filter(group -> group.members().contains(user.name()))
        .map(GroupEntry::gid)
        .forEach(all::add);
    return all;
  }

  private static String asBytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}

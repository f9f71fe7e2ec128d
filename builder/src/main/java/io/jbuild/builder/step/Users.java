package io.jbuild.builder.step;

import io.jbuild.builder.copy.Owner;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.Accounts;
import io.jbuild.isolation.UnknownAccountException;
import io.jbuild.isolation.User;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Users and groups as instructions name them: those of the image, and root, who needs no entry.
 * What stands for /etc/passwd and /etc/group without being a file is as good as none.
 */
public final class Users {
  private static final String ROOT = "root";

  private Users() {}

  /** Who a process runs as, and where that user's home is. */
  public record Account(User user, String home) {}

  /** {@code USER}: a name or id, possibly with a group; nothing is root. */
  public static User resolve(TreeView root, String user, Origin origin)
      throws IOException, BuildfileException {
    return account(root, user, origin).user();
  }

  /** As {@link #resolve}, with the home. */
  public static Account account(TreeView root, String user, Origin origin)
      throws IOException, BuildfileException {
    try {
      return account(root, user);
    } catch (UnknownAccountException e) {
      throw origin.error("in the image, " + e.getMessage());
    }
  }

  /** As {@link #account(TreeView, String, Origin)}, where no Buildfile names the user. */
  public static Account account(TreeView root, String text) throws IOException {
    return account(accounts(root), text);
  }

  private static Account account(Accounts accounts, String text) throws UnknownAccountException {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String group = colon < 0 ? "" : text.substring(colon + 1);
    Accounts.Account found = user(accounts, name.isEmpty() ? ROOT : name);
    boolean unknownRoot = found.home().isEmpty() && found.user().equals(User.ROOT);
    String home = found.home().orElse(unknownRoot ? "/root" : "/");
    User user =
        group.isEmpty()
            ? found.user()
            : new User(found.user().uid(), group(accounts, group), List.of());
    return new Account(withOwnGroup(user), home);
  }

  /**
   * The group that is all the user has is among the further ones, too: a program that gives its
   * group up would else come into files that are closed to that group.
   */
  private static User withOwnGroup(User user) {
    return user.groups().isEmpty() ? new User(user.uid(), user.gid(), List.of(user.gid())) : user;
  }

  private static Accounts.Account user(Accounts accounts, String name)
      throws UnknownAccountException {
    try {
      return accounts.resolve(name);
    } catch (UnknownAccountException e) {
      if (name.equals(ROOT)) {
        return new Accounts.Account(User.ROOT, Optional.empty());
      }
      throw e;
    }
  }

  private static long group(Accounts accounts, String name) throws UnknownAccountException {
    try {
      return accounts.resolveGroup(name);
    } catch (UnknownAccountException e) {
      if (name.equals(ROOT)) {
        return 0;
      }
      throw e;
    }
  }

  /** {@code --chown}: an id alone is both user and group; a name alone brings its primary group. */
  public static Owner owner(TreeView root, String text, Origin origin)
      throws IOException, BuildfileException {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String group = colon < 0 ? "" : text.substring(colon + 1);
    try {
      Accounts accounts = accounts(root);
      Owner owner = owner(account(accounts, name).user(), name);
      return group.isEmpty() ? owner : new Owner(owner.uid(), group(accounts, group));
    } catch (UnknownAccountException e) {
      throw origin.error("--chown=" + text + ": in the image, " + e.getMessage());
    }
  }

  /** Whose the files are that a {@code USER} has made: as in {@code --chown}. */
  static Owner ofMade(TreeView root, String text, Origin origin)
      throws IOException, BuildfileException {
    User user = resolve(root, text, origin);
    return owner(user, text);
  }

  /** An id alone is a group's, too, whatever group its account has. */
  private static Owner owner(User user, String text) {
    return new Owner(user.uid(), isId(text) ? user.uid() : user.gid());
  }

  private static boolean isId(String text) {
    return text.indexOf(':') < 0 && isNumeric(text);
  }

  /** Whether an owner can be told without a look into the image. */
  public static boolean isNumeric(String owner) {
    for (String part : owner.split(":", 2)) {
      if (part.isEmpty() || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  private static Accounts accounts(TreeView root) throws IOException {
    return Accounts.read(path -> open(root, path));
  }

  private static Optional<InputStream> open(TreeView root, TreePath path) throws IOException {
    TreeView.Resolved found = root.resolve(path);
    return found.stat().isPresent() && found.stat().get().isRegular()
        ? Optional.of(root.read(found.path()).asStream())
        : Optional.empty();
  }
}

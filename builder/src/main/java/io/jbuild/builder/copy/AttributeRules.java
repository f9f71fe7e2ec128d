package io.jbuild.builder.copy;

import io.jbuild.layers.Attributes;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.Timestamp;
import java.util.Collections;

/** Which mode and owner a copied file gets. */
final class AttributeRules {
  private static final int PERMISSIONS = 0777;

  private final CopyRequest request;

  AttributeRules(CopyRequest request) {
    this.request = request;
  }

  /** Of a selected file; a link has no mode of its own. */
  Attributes of(Item item) {
    FileStat stat = item.stat();
    int mode = item.permissions();
    if (request.mode().isPresent() && !stat.isSymlink()) {
      mode = request.mode().get().apply(mode, stat.isDirectory());
    }
    Owner owner = request.owner().orElse(ownOwner(item));
    return new Attributes(mode, owner.uid(), owner.gid(), item.modified(), item.xattrs());
  }

  /** Of a loader or library, which {@code --chown} and {@code --chmod} do not mean. */
  static Attributes ofLibrary(Item item) {
    Owner owner = ownOwner(item);
    FileStat stat = item.stat();
    return new Attributes(
        stat.permissions(), owner.uid(), owner.gid(), stat.modified(), item.xattrs());
  }

  private static Owner ownOwner(Item item) {
    return item.tree != null && item.tree.ownersKept()
        ? new Owner(item.stat().uid(), item.stat().gid())
        : Owner.ROOT;
  }

  /** Of a directory above a source, copied along with {@code --parents}. */
  Attributes ofParent(Item of, Graft.Parent parent) {
    FileStat stat = parent.stat();
    int mode = stat.permissions();
    if (request.mode().isPresent()) {
      mode = request.mode().get().apply(mode, true);
    }
    boolean kept = of.tree != null && of.tree.ownersKept();
    Owner owner = request.owner().orElse(kept ? new Owner(stat.uid(), stat.gid()) : Owner.ROOT);
    return new Attributes(
        mode, owner.uid(), owner.gid(), stat.modified(), Collections.emptySortedMap());
  }

  /**
   * Of a directory made on the way to the destination. A symbolic mode is for the files only, and
   * so are the bits beyond the permissions.
   */
  Attributes ofMade(Timestamp made) {
    int mode =
        request
            .mode()
            .filter(change -> change.isOctal())
            .map(change -> change.apply(0755, true) & PERMISSIONS)
            .orElse(0755);
    return made(mode, made);
  }

  /** Of a directory made for an archive's content, which {@code --chmod} does not mean. */
  Attributes ofMadeForArchive(Timestamp made) {
    return made(0755, made);
  }

  private Attributes made(int mode, Timestamp time) {
    Owner owner = request.owner().orElse(Owner.ROOT);
    return new Attributes(mode, owner.uid(), owner.gid(), time, Collections.emptySortedMap());
  }

  /** Of a directory made for libraries. */
  Attributes ofMadeForLibraries(Timestamp made) {
    return Attributes.DIRECTORY.withModified(made);
  }
}

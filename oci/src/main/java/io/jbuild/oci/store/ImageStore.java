package io.jbuild.oci.store;

import io.jbuild.oci.Descriptor;
import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The images of a store and their names. An image is there when its record is; its config and
 * layers were made durable before. A name whose image is gone counts as absent.
 */
public final class ImageStore {
  private final RecordStore images;
  private final RecordStore names;
  private final WriteLock lock;

  /**
   * @param warnings told of corrupt records, which are dropped
   */
  public ImageStore(StoreRoot root, Consumer<String> warnings) throws IOException {
    this.images = records(root.images().resolve("ids"), warnings);
    this.names = records(root.images().resolve("names"), warnings);
    this.lock = new WriteLock(root.locks().resolve("images"));
  }

  private static RecordStore records(Path directory, Consumer<String> warnings) throws IOException {
    try {
      Files.createDirectory(directory);
      AtomicFiles.syncDirectory(AtomicFiles.parent(directory));
    } catch (FileAlreadyExistsException e) {
      // The usual case.
    }
    return new RecordStore(directory, AtomicFiles.Durability.SYNCED, warnings);
  }

  /** Adds an image, or what is newly known of one that is there. */
  public void put(ImageRecord image) throws IOException {
    lock.run(
        () -> {
          Optional<ImageRecord> old = get(image.id());
          ImageRecord merged = old.orElse(image);
          for (Descriptor manifest : image.manifests()) {
            merged = merged.withManifest(manifest);
          }
          if (!old.equals(Optional.of(merged))) {
            images.put(image.id(), merged.encode());
          }
        });
  }

  public Optional<ImageRecord> get(Digest id) throws IOException {
    Optional<byte[]> bytes = images.get(id);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(ImageRecord.decode(bytes.get()));
  }

  /** The image that the name got last, of whatever platform. */
  public Optional<ImageRecord> get(Reference reference) throws IOException {
    return imagesOf(reference).stream().findFirst();
  }

  /** The image of that name which suits the platform best. */
  public Optional<ImageRecord> get(Reference reference, Platform platform) throws IOException {
    Optional<NameRecord> name = name(reference);
    return name.isEmpty() ? Optional.empty() : best(entries(name.get()), platform);
  }

  private static Optional<ImageRecord> best(List<Entry> entries, Platform wanted) {
    return entries.stream()
        .filter(entry -> wanted.matches(entry.platform()))
        .min((a, b) -> wanted.rank(a.platform()) - wanted.rank(b.platform()))
        .map(Entry::image);
  }

  /** All images of that name, one for each platform, the one named last first. */
  public List<ImageRecord> imagesOf(Reference reference) throws IOException {
    Optional<NameRecord> name = name(reference);
    return name.isEmpty() ? List.of() : entries(name.get()).stream().map(Entry::image).toList();
  }

  /** What a name stands for on one platform. */
  public record Entry(Platform platform, ImageRecord image) {}

  /** The images of a name that are there, each with the platform that it is known for. */
  public List<Entry> entries(NameRecord name) throws IOException {
    List<Entry> found = new ArrayList<>();
    for (int i = 0; i < name.images().size(); i++) {
      Optional<ImageRecord> image = get(name.images().get(i));
      if (image.isPresent()) {
        boolean named = !name.platforms().isEmpty();
        Platform platform = named ? name.platforms().get(i) : image.get().platform();
        found.add(new Entry(platform, image.get()));
      }
    }
    return found;
  }

  public Optional<NameRecord> name(Reference reference) throws IOException {
    Optional<byte[]> bytes = names.get(NameRecord.key(reference));
    return bytes.isEmpty() ? Optional.empty() : Optional.of(NameRecord.decode(bytes.get()));
  }

  /** From now on the name stands for this image alone. */
  public void tag(Reference reference, Digest id) throws IOException {
    tag(new NameRecord(reference, List.of(id), Optional.empty()));
  }

  /** From now on the name stands for these images, one for each platform. */
  public void tag(NameRecord name) throws IOException {
    for (Digest id : name.images()) {
      if (!images.get(id).isPresent()) {
        throw new IOException("cannot name " + name.reference() + ": no image " + id);
      }
    }
    lock.run(() -> putName(name));
  }

  /**
   * The name stands for this image on its platform; what it stands for on other platforms stays, if
   * it came from the same source. For pulls.
   */
  public void addTag(Reference reference, Digest id, Optional<Descriptor> source)
      throws IOException {
    ImageRecord image =
        get(id).orElseThrow(() -> new IOException("cannot name " + reference + ": no image " + id));
    lock.run(
        () -> {
          List<Digest> ids = new ArrayList<>(List.of(id));
          Optional<NameRecord> old = name(reference).filter(n -> n.source().equals(source));
          if (old.isPresent() && isWholeIndexWith(old.get(), id)) {
            return;
          }
          if (old.isPresent()) {
            ids.addAll(otherPlatforms(old.get(), image));
          }
          putName(new NameRecord(reference, ids, source));
        });
  }

  private static boolean isWholeIndexWith(NameRecord name, Digest id) {
    return !name.platforms().isEmpty() && name.images().contains(id);
  }

  private List<Digest> otherPlatforms(NameRecord old, ImageRecord image) throws IOException {
    List<Digest> others = new ArrayList<>();
    for (Digest id : old.images()) {
      Optional<ImageRecord> other = get(id);
      if (other.isPresent() && !other.get().platform().equals(image.platform())) {
        others.add(id);
      }
    }
    return others;
  }

  /** A rebuild from cache names the same image again: that costs no write. */
  private void putName(NameRecord name) throws IOException {
    if (!name(name.reference()).equals(Optional.of(name))) {
      names.put(NameRecord.key(name.reference()), name.encode());
    }
  }

  /** Takes a name away; its images stay. Whether there was such a name. */
  public boolean untag(Reference reference) throws IOException {
    boolean[] removed = new boolean[1];
    lock.run(() -> removed[0] = names.remove(NameRecord.key(reference)));
    return removed[0];
  }

  /** Takes an image and all its names away; its contents are collected later. */
  public boolean remove(Digest id) throws IOException {
    boolean[] removed = new boolean[1];
    lock.run(
        () -> {
          for (NameRecord name : names()) {
            if (name.images().contains(id)) {
              removeFrom(name, id);
            }
          }
          removed[0] = images.remove(id);
        });
    return removed[0];
  }

  private void removeFrom(NameRecord name, Digest id) throws IOException {
    List<Digest> rest = new ArrayList<>();
    List<Platform> platforms = new ArrayList<>();
    for (int i = 0; i < name.images().size(); i++) {
      if (!name.images().get(i).equals(id)) {
        rest.add(name.images().get(i));
        name.platforms().stream().skip(i).findFirst().ifPresent(platforms::add);
      }
    }
    if (rest.isEmpty()) {
      names.remove(NameRecord.key(name.reference()));
    } else {
      putName(new NameRecord(name.reference(), rest, platforms, name.source()));
    }
  }

  /** All images, by ID, each with its names. */
  public List<StoredImage> list() throws IOException {
    Map<Digest, List<Reference>> namesById = new TreeMap<>();
    for (NameRecord name : names()) {
      for (Digest id : new LinkedHashSet<>(name.images())) {
        namesById.computeIfAbsent(id, key -> new ArrayList<>()).add(name.reference());
      }
    }
    List<StoredImage> result = new ArrayList<>();
    for (Digest id : images.keys()) {
      Optional<ImageRecord> image = get(id);
      if (image.isPresent()) {
        result.add(new StoredImage(image.get(), namesById.getOrDefault(id, List.of())));
      }
    }
    return result;
  }

  /** All names, unsorted. */
  public List<NameRecord> names() throws IOException {
    List<NameRecord> result = new ArrayList<>();
    for (Digest key : names.keys()) {
      Optional<byte[]> bytes = names.get(key);
      if (bytes.isPresent()) {
        result.add(NameRecord.decode(bytes.get()));
      }
    }
    return result;
  }

  /**
   * The image whose ID begins so: hex digits, with or without {@code sha256:}. None is empty,
   * several are an error.
   */
  public Optional<Digest> find(String idPrefix) throws IOException {
    String hex = idPrefix.startsWith("sha256:") ? idPrefix.substring(7) : idPrefix;
    if (!hex.matches("[0-9a-f]{1,128}")) {
      throw new MalformedException(
          "not the beginning of an image ID: " + Printable.quote(idPrefix));
    }
    List<Digest> candidates =
        images.keys().stream().filter(id -> id.hex().startsWith(hex)).toList();
    if (candidates.size() > 1) {
      throw new AmbiguousIdException(idPrefix, candidates);
    }
    return candidates.stream().findFirst();
  }

  /** Deletes what writers that died left behind; how many files. */
  public int sweep() throws IOException {
    return images.sweep() + names.sweep();
  }
}

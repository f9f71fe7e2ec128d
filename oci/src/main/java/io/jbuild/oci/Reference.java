package io.jbuild.oci;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;
import java.util.Optional;

/**
 * The name of an image: registry, repository, and a tag, a digest or both. Docker's grammar and
 * normalisation: {@code debian} is {@code docker.io/library/debian:latest}.
 *
 * <p>{@link #toString()} is the canonical form, which {@link #parse} reads back to an equal value.
 */
public record Reference(
    String registry, String repository, Optional<String> tag, Optional<Digest> digest)
    implements Comparable<Reference> {

  public static final String DOCKER_HUB = "docker.io";
  public static final String DEFAULT_TAG = "latest";

  static final String OFFICIAL = "library/";

  public Reference {
    Optional<String> wrong = ReferenceGrammar.complaint(registry, repository, tag);
    if (wrong.isPresent()) {
      throw new IllegalArgumentException(wrong.get());
    }
  }

  /** What a person writes; without tag and digest the tag is {@code latest}. */
  public static Reference parse(String text) throws MalformedException {
    return ReferenceGrammar.parse(text);
  }

  /** Registry and repository: {@code docker.io/library/debian}. */
  public String name() {
    return registry + "/" + repository;
  }

  /** This repository with another tag and no digest. */
  public Reference withTag(String newTag) throws MalformedException {
    Optional<String> tagged = Optional.of(newTag);
    Optional<String> wrong = ReferenceGrammar.complaint(registry, repository, tagged);
    if (wrong.isPresent()) {
      throw new MalformedException(wrong.get());
    }
    return new Reference(registry, repository, tagged, Optional.empty());
  }

  /** This name, tag kept, pinned to a content. */
  public Reference withDigest(Digest newDigest) {
    return new Reference(registry, repository, tag, Optional.of(newDigest));
  }

  /** The content alone, without tag: {@code name@digest}. */
  public Reference pinnedTo(Digest newDigest) {
    return new Reference(registry, repository, Optional.empty(), Optional.of(newDigest));
  }

  /** What the distribution API is asked for: the digest, else the tag. */
  public String tagOrDigest() {
    return digest.map(Digest::toString).or(() -> tag).orElse(DEFAULT_TAG);
  }

  /** As short as Docker shows it: {@code debian:latest}. {@link #parse} reads it back as well. */
  public String familiar() {
    if (!registry.equals(DOCKER_HUB) || ReferenceGrammar.beginsWithRegistry(repository)) {
      return toString();
    }
    boolean official =
        repository.startsWith(OFFICIAL) && repository.indexOf('/', OFFICIAL.length()) < 0;
    return (official ? repository.substring(OFFICIAL.length()) : repository) + suffix();
  }

  private String suffix() {
    return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }

  @Override
  public int compareTo(Reference other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return name() + suffix();
  }

  static MalformedException malformed(String text, String why) {
    return new MalformedException("invalid reference " + Printable.quote(text) + ": " + why);
  }
}

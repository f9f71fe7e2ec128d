package io.jbuild.builder.plan;

import io.jbuild.builder.ContextSource;
import io.jbuild.builder.UserException;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The contexts that the caller gave, found by every way to write their names: {@code alpine} is
 * {@code docker.io/library/alpine:latest}. One with {@code ::linux/arm64} behind its name is for
 * this platform alone, and comes before one for all.
 */
public final class NamedContexts {
  private static final String FOR = "::";
  private static final String LATEST = ":" + Reference.DEFAULT_TAG;

  private final Map<String, ContextSource> sources;

  private NamedContexts(Map<String, ContextSource> sources) {
    this.sources = sources;
  }

  public static NamedContexts of(Map<String, ContextSource> given) throws UserException {
    Map<String, ContextSource> sources = new TreeMap<>();
    for (Map.Entry<String, ContextSource> each : given.entrySet()) {
      sources.put(key(each.getKey()), each.getValue());
    }
    return new NamedContexts(sources);
  }

  private static String key(String given) throws UserException {
    int end = given.indexOf(FOR);
    if (end < 0) {
      return canonical(given);
    }
    try {
      Platform platform = Platform.parse(given.substring(end + FOR.length()));
      return canonical(given.substring(0, end)) + FOR + platform.normalised();
    } catch (MalformedException e) {
      throw new UserException("context \"" + given + "\": " + e.getMessage(), e);
    }
  }

  /** The context of a name, if the caller gave one. */
  public Optional<ContextSource> find(String name, Platform platform) {
    String canonical = canonical(name);
    ContextSource only = sources.get(canonical + FOR + platform.normalised());
    return Optional.ofNullable(only == null ? sources.get(canonical) : only);
  }

  /** As short as people write it; names of stages have no case. */
  private static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Optional<Reference> reference = reference(name).or(() -> reference(lower));
    String familiar = reference.map(Reference::familiar).orElse(lower);
    return familiar.endsWith(LATEST)
        ? familiar.substring(0, familiar.length() - LATEST.length())
        : familiar;
  }

  private static Optional<Reference> reference(String name) {
    try {
      return Optional.of(Reference.parse(name));
    } catch (MalformedException e) {
      return Optional.empty(); // a stage may have a name that no image can have
    }
  }
}

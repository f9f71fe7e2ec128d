package io.jbuild.fuzz;

import io.jbuild.oci.Digest;
import io.jbuild.oci.Platform;
import io.jbuild.oci.Reference;
import io.jbuild.oci.text.MalformedException;

/** What is printed of a value parses to the same value. */
final class ReferenceTarget {
  private ReferenceTarget() {}

  static void check(String text) throws MalformedException {
    reference(text);
    platform(text);
    digest(text);
  }

  private static void reference(String text) throws MalformedException {
    Reference reference;
    try {
      reference = Reference.parse(text);
    } catch (MalformedException e) {
      Promise.readable(e.getMessage());
      return;
    }
    Promise.same(reference, Reference.parse(reference.toString()), "canonical");
    Promise.same(reference, Reference.parse(reference.familiar()), "familiar");
    Promise.holds(reference.tag().isPresent() || reference.digest().isPresent(), "no tag");
    String path = reference.registry() + "/" + reference.repository();
    Promise.holds(
        path.chars().noneMatch(c -> c <= ' ' || c >= 0x7F || "@?#%\\\"'<>".indexOf(c) >= 0),
        "not fit for a URL: " + path);
    Promise.holds(!("/" + path + "/").contains("/../"), "a path upwards: " + path);
  }

  private static void platform(String text) throws MalformedException {
    Platform platform;
    try {
      platform = Platform.parse(text);
    } catch (MalformedException e) {
      Promise.readable(e.getMessage());
      return;
    }
    Promise.same(platform, Platform.parse(platform.toString()), "platform");
    Promise.same(platform, platform.normalised(), "normalised");
    Promise.same(0, platform.rank(platform), "rank of itself");
  }

  private static void digest(String text) throws MalformedException {
    try {
      Digest digest = Digest.parse(text);
      Promise.same(text, digest.toString(), "digest");
    } catch (MalformedException e) {
      Promise.readable(e.getMessage());
    }
  }
}

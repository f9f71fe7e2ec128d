package io.jbuild.linux;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An owner as it is written down: {@code 33:33}. */
record RecordedOwner(long uid, long gid) {
  private static final int LONGEST = 21;

  RecordedOwner {
    uid = Ids.checked(uid);
    gid = Ids.checked(gid);
  }

  boolean isRoot() {
    return uid == 0 && gid == 0;
  }

  /** Empty for what nobody here has written. */
  static Optional<RecordedOwner> parse(byte[] text) {
    String[] words = new String(text, StandardCharsets.US_ASCII).split(":", -1);
    if (text.length > LONGEST || words.length != 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(new RecordedOwner(Long.parseLong(words[0]), Long.parseLong(words[1])));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  byte[] bytes() {
    return toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return uid + ":" + gid;
  }
}

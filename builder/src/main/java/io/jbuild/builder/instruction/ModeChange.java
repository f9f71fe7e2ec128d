package io.jbuild.builder.instruction;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of {@code --chmod}: an octal mode, or clauses such as {@code u=rwX,go=rX}, {@code +x},
 * {@code g=u}. A copy of another's permissions leaves the set-user and set-group bits alone.
 */
public final class ModeChange {
  private static final int MAX_MODE = 07777;
  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int EXECUTE = 1;
  private static final int SPECIAL_SHIFT = 9;

  private final String text;
  private final int octal;
  private final List<Clause> clauses;

  private ModeChange(String text, int octal, List<Clause> clauses) {
    this.text = text;
    this.octal = octal;
    this.clauses = List.copyOf(clauses);
  }

  /**
   * Reads a mode.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ModeChange parse(String text) {
    if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
      return octal(text);
    }
    List<Clause> clauses = new ArrayList<>();
    for (String clause : text.split(",", -1)) {
      clauses.addAll(new ClauseReader(text, clause).read());
    }
    return new ModeChange(text, -1, clauses);
  }

  private static ModeChange octal(String text) {
    int mode = Numbers.unsigned(text, 8, MAX_MODE).map(Long::intValue).orElse(-1);
    if (mode < 0) {
      throw invalid(text);
    }
    return new ModeChange(text, mode, List.of());
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "invalid chmod parameter: '" + text + "': it should be octal up to 07777, or symbolic");
  }

  /** Whether it is a number, which holds for directories made on the way to a target, too. */
  public boolean isOctal() {
    return octal >= 0;
  }

  /** The mode after the change; both are within {@code 07777}. */
  public int apply(int mode, boolean directory) {
    if (isOctal()) {
      return octal;
    }
    int changed = mode;
    // "X" looks at the mode before any clause.
    boolean executable = directory || (mode & 0111) != 0;
    for (Clause clause : clauses) {
      changed = clause.apply(changed, executable);
    }
    return changed;
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * One operation.
   *
   * @param who bits 4 user, 2 group, 1 others
   * @param copy 0, or whose permissions are taken: {@code u}, {@code g}, {@code o}
   */
  private record Clause(
      int who,
      char operator,
      int permissions,
      boolean executeIfAny,
      char copy,
      boolean setId,
      boolean sticky) {

    int apply(int mode, boolean executable) {
      int bits = permissions | (copy == 0 ? 0 : permissionsOf(mode, copy));
      if (executeIfAny && (executable || operator == '-')) {
        bits |= EXECUTE;
      }
      int affected = 0;
      int value = 0;
      for (int shift = 0; shift <= 6; shift += 3) {
        if ((who & (1 << (shift / 3))) != 0) {
          affected |= 7 << shift;
          value |= bits << shift;
        }
      }
      int special = special();
      int cleared = affected | (copy == 0 ? specialScope() : 0);
      return switch (operator) {
        case '+' -> mode | value | special;
        case '-' -> mode & ~(value | special);
        default -> (mode & ~cleared) | value | special;
      };
    }

    private int special() {
      int bits = setId ? specialScope() : 0;
      return bits | (sticky && who != 1 ? 1 << SPECIAL_SHIFT : 0);
    }

    /** The set-user and set-group bits that belong to those named. */
    private int specialScope() {
      return (who & 6) << SPECIAL_SHIFT;
    }

    private static int permissionsOf(int mode, char whose) {
      int shift = whose == 'u' ? 6 : whose == 'g' ? 3 : 0;
      return mode >> shift & 7;
    }
  }

  /** Reads {@code [ugoa]*([+-=][rwxXst]*|[+-=][ugo])+}. */
  private static final class ClauseReader {
    private final String whole;
    private final String clause;
    private int at;

    ClauseReader(String whole, String clause) {
      this.whole = whole;
      this.clause = clause;
    }

    List<Clause> read() {
      int who = who();
      List<Clause> out = new ArrayList<>();
      while (at < clause.length()) {
        out.add(operation(who));
      }
      if (out.isEmpty()) {
        throw invalid(whole);
      }
      return out;
    }

    private int who() {
      int who = 0;
      while (at < clause.length() && "ugoa".indexOf(clause.charAt(at)) >= 0) {
        who |=
            switch (clause.charAt(at++)) {
              case 'u' -> 4;
              case 'g' -> 2;
              case 'o' -> 1;
              default -> 7;
            };
      }
      return who == 0 ? 7 : who;
    }

    private Clause operation(int who) {
      char operator = clause.charAt(at++);
      if ("+-=".indexOf(operator) < 0) {
        throw invalid(whole);
      }
      int start = at;
      while (at < clause.length() && "+-=".indexOf(clause.charAt(at)) < 0) {
        at++;
      }
      String permissions = clause.substring(start, at);
      if (permissions.length() == 1 && "ugo".contains(permissions)) {
        return new Clause(who, operator, 0, false, permissions.charAt(0), false, false);
      }
      return new Clause(
          who,
          operator,
          bits(permissions),
          permissions.indexOf('X') >= 0,
          (char) 0,
          permissions.indexOf('s') >= 0,
          permissions.indexOf('t') >= 0);
    }

    private int bits(String permissions) {
      int bits = 0;
      for (int i = 0; i < permissions.length(); i++) {
        bits |=
            switch (permissions.charAt(i)) {
              case 'r' -> READ;
              case 'w' -> WRITE;
              case 'x' -> EXECUTE;
              case 'X', 's', 't' -> 0;
              default -> throw invalid(whole);
            };
      }
      return bits;
    }
  }
}

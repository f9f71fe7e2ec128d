package io.jbuild.linux.spawn;

/**
 * The label of a security module (AppArmor, SELinux) that the command gets.
 *
 * @param proc the open root of a proc file system that the child has mounted itself
 * @param file below it: {@code self/attr/exec}
 * @param text what is written there
 */
public record ExecLabel(Argument proc, String file, String text) {
  public ExecLabel {
    if (text.isEmpty() || file.isEmpty() || file.startsWith("-")) {
      throw new IllegalArgumentException("no label: \"" + text + "\" for \"" + file + "\"");
    }
  }
}

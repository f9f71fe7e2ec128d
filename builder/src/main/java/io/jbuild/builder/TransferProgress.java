package io.jbuild.builder;

/**
 * How far one blob is on its way.
 *
 * @param action {@code pull}, {@code push}, {@code load}, or {@link #PRESENT}
 * @param subject what moves: an image name, a blob's digest
 * @param doneBytes so far
 * @param totalBytes 0 when unknown
 * @param finished the last event for this subject
 */
public record TransferProgress(
    String action, String subject, long doneBytes, long totalBytes, boolean finished) {
  /** Nothing had to move: the blob was there. */
  public static final String PRESENT = "present";
}

package io.jbuild.builder;

/** Hears how transfers go on. Called from several threads at once. */
@FunctionalInterface
public interface TransferListener {
  void transfer(TransferProgress progress);

  /** Hears nothing. */
  static TransferListener none() {
    return progress -> {};
  }
}

package io.jbuild.registry;

import io.jbuild.oci.Descriptor;

/** Told how transfers go on, from the threads that do them; must be quick and not throw. */
public interface TransferListener {

  TransferListener NONE = new TransferListener() {};

  /** So many of the blob's bytes are through; may go back when an upload resumes. */
  default void progress(Descriptor blob, long done, long total) {}

  /** The blob did not have to be sent. */
  default void present(Descriptor blob, PushResult why) {}
}

package io.jbuild.linux.spawn;

/**
 * A process that has reached its exec.
 *
 * @param pid as the parent sees it; valid until it is waited for
 * @param pidfd a descriptor (close-on-exec) that the receiver owns
 */
public record Child(int pid, int pidfd) {}

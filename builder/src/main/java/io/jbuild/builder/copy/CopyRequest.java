package io.jbuild.builder.copy;

import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.ModeChange;
import io.jbuild.linux.Closing;
import io.jbuild.linux.TreePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a COPY or ADD says, variables expanded and names looked up.
 *
 * @param destination as written; relative to {@code workdir}; a slash at its end means a directory
 * @param owner {@code --chown}; without it files of a context are root's, others keep theirs
 * @param parents whether the directories above a source are copied along
 * @param excludes patterns of {@code --exclude}, relative to each source
 * @param link whether the layer is made without a look at what is below
 * @param withLibs whether programs bring their loader and shared libraries
 * @param unpack whether an archive among the files of a tree is unpacked, as ADD does it
 */
public record CopyRequest(
    List<CopyInput> inputs,
    String destination,
    TreePath workdir,
    Optional<Owner> owner,
    Optional<ModeChange> mode,
    boolean parents,
    List<String> excludes,
    boolean link,
    boolean withLibs,
    boolean unpack) {

  public CopyRequest {
    inputs = List.copyOf(inputs);
    excludes = List.copyOf(excludes);
    // With a mode, a layer of its own would set it on the directories that are above already.
    link = link && mode.isEmpty();
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("a copy without a source");
    }
  }

  /** A plain COPY. */
  public static CopyRequest of(List<? extends CopyInput> inputs, String destination) {
    return new CopyRequest(
        List.copyOf(inputs),
        destination,
        TreePath.ROOT,
        Optional.empty(),
        Optional.empty(),
        false,
        List.of(),
        false,
        false,
        false);
  }

  /** The same of other sources. */
  public CopyRequest withInputs(List<CopyInput> others) {
    return new CopyRequest(
        others, destination, workdir, owner, mode, parents, excludes, link, withLibs, unpack);
  }

  /** Whether a source has yet to be fetched. */
  public boolean isPromised() {
    return inputs.stream().anyMatch(CopyInput.Promised.class::isInstance);
  }

  /** With every source at hand; what was fetched is closed by {@code open}. */
  public CopyRequest fetched(Closing open) throws IOException, UserException, InterruptedException {
    List<CopyInput> all = new ArrayList<>();
    for (CopyInput input : inputs) {
      all.add(
          input instanceof CopyInput.Promised promised
              ? new CopyInput.Files(promised.tree().fetch(open), "/")
              : input);
    }
    return withInputs(all);
  }

  public CopyRequest withWorkdir(TreePath directory) {
    return new CopyRequest(
        inputs, destination, directory, owner, mode, parents, excludes, link, withLibs, unpack);
  }

  public CopyRequest withOwner(Owner newOwner) {
    return new CopyRequest(
        inputs,
        destination,
        workdir,
        Optional.of(newOwner),
        mode,
        parents,
        excludes,
        link,
        withLibs,
        unpack);
  }

  public CopyRequest withMode(ModeChange change) {
    return new CopyRequest(
        inputs,
        destination,
        workdir,
        owner,
        Optional.of(change),
        parents,
        excludes,
        link,
        withLibs,
        unpack);
  }

  public CopyRequest withParents() {
    return new CopyRequest(
        inputs, destination, workdir, owner, mode, true, excludes, link, withLibs, unpack);
  }

  public CopyRequest withExcludes(List<String> patterns) {
    return new CopyRequest(
        inputs, destination, workdir, owner, mode, parents, patterns, link, withLibs, unpack);
  }

  public CopyRequest withLink() {
    return new CopyRequest(
        inputs, destination, workdir, owner, mode, parents, excludes, true, withLibs, unpack);
  }

  /** With the loader and libraries of programs. */
  public CopyRequest withLibraries() {
    return new CopyRequest(
        inputs, destination, workdir, owner, mode, parents, excludes, link, true, unpack);
  }

  /** As ADD: archives are unpacked. */
  public CopyRequest withUnpack() {
    return new CopyRequest(
        inputs, destination, workdir, owner, mode, parents, excludes, link, withLibs, true);
  }

  /** Of each input, in order, whether it is unpacked when it is an archive. */
  public List<Boolean> unpacks() {
    return inputs.stream()
        .map(input -> input instanceof CopyInput.Fetched fetched ? fetched.unpack() : unpack)
        .toList();
  }

  /** Whether the destination can only be a directory. */
  boolean isIntoDirectory() {
    return parents
        || destination.isEmpty()
        || destination.endsWith("/")
        || destination.endsWith("/.")
        || destination.endsWith("/..")
        || destination.equals(".")
        || destination.equals("..");
  }

  /** The destination as a path from the root, links not followed. */
  TreePath destinationPath() {
    return destination.startsWith("/")
        ? TreePath.parse(destination)
        : TreePath.parse(below(workdir, destination));
  }

  private static byte[] below(TreePath directory, String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(directory.bytes());
    bytes.write('/');
    bytes.writeBytes(path.getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }
}

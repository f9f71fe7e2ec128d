package io.jbuild.builder.build;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.SourceTree;
import io.jbuild.builder.copy.CopyInput;
import io.jbuild.builder.copy.CopyRequest;
import io.jbuild.builder.copy.CopySelection;
import io.jbuild.builder.copy.Owner;
import io.jbuild.builder.git.GitReference;
import io.jbuild.builder.instruction.Add;
import io.jbuild.builder.instruction.Copy;
import io.jbuild.builder.instruction.CopyOptions;
import io.jbuild.builder.instruction.CopySource;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.stage.StageState;
import io.jbuild.builder.step.CopyFailure;
import io.jbuild.builder.step.CopyStep;
import io.jbuild.builder.step.Users;
import io.jbuild.builder.step.Workshop;
import io.jbuild.builder.store.RootTree;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the step of a COPY or ADD: names resolved, files selected and read. */
final class CopyPreparation {
  private final Workshop workshop;

  CopyPreparation(Workshop workshop) {
    this.workshop = workshop;
  }

  /** The tree that paths are taken from; asked for only when a path is. */
  @FunctionalInterface
  interface TreeSource {
    SourceTree get() throws IOException, UserException, BuildfileException;
  }

  CopyStep copy(Copy copy, StageState state, TreeSource tree)
      throws IOException, BuildfileException {
    List<CopyInput> inputs = new ArrayList<>();
    for (CopySource source : copy.sources()) {
      inputs.add(input(source, copy.origin(), tree));
    }
    CopyRequest request =
        new CopyRequest(
            inputs,
            copy.destination(),
            TreePath.parse(state.workdir()),
            owner(copy.options(), state, copy.origin()),
            copy.options().modeChange(),
            copy.parents(),
            copy.options().excludes(),
            copy.options().link(),
            copy.withLibs(),
            false);
    return step(
        request,
        state,
        history("COPY", copy.sources(), copy.options(), copy.parents(), copy.destination()),
        copy.origin());
  }

  CopyStep add(Add add, StageState state, List<CopyInput> inputs, boolean unpack)
      throws IOException, BuildfileException {
    CopyRequest request =
        new CopyRequest(
            inputs,
            add.destination(),
            TreePath.parse(state.workdir()),
            owner(add.options(), state, add.origin()),
            add.options().modeChange(),
            false,
            add.options().excludes(),
            add.options().link(),
            false,
            unpack);
    return step(
        request,
        state,
        history("ADD", add.sources(), add.options(), false, add.destination()),
        add.origin());
  }

  /** A path of a tree, or a here-document. */
  CopyInput input(CopySource source, Origin origin, TreeSource tree)
      throws IOException, BuildfileException {
    if (source instanceof CopySource.Inline inline) {
      return new CopyInput.Inline(inline.name(), inline.content().getBytes(StandardCharsets.UTF_8));
    }
    try {
      return new CopyInput.Files(tree.get(), ((CopySource.Path) source).path());
    } catch (UserException e) {
      throw CopyFailure.at(origin, e);
    }
  }

  private CopyStep step(CopyRequest request, StageState state, String history, Origin origin)
      throws IOException, BuildfileException {
    try {
      if (request.isPromised()) {
        return new CopyStep(
            workshop,
            state,
            request,
            content(request),
            open ->
                CopySelection.of(
                    request.fetched(open),
                    workshop.tasks()::execute,
                    workshop.cancellation()::check),
            history,
            origin);
      }
      CopySelection selection =
          CopySelection.of(request, workshop.tasks()::execute, workshop.cancellation()::check);
      return new CopyStep(workshop, state, selection, history, origin);
    } catch (UserException e) {
      throw CopyFailure.at(origin, e);
    }
  }

  /** What is copied, without what is not there yet: that is told by its identity. */
  private List<String> content(CopyRequest request) throws IOException, UserException {
    List<String> content = new ArrayList<>();
    for (CopyInput input : request.inputs()) {
      if (input instanceof CopyInput.Promised promised) {
        content.addAll(promised.identity());
      } else {
        CopyRequest alone = request.withInputs(List.of(input));
        content.add(
            CopySelection.of(alone, workshop.tasks()::execute, workshop.cancellation()::check)
                .digest()
                .toString());
      }
    }
    content.add("exclude");
    content.addAll(request.excludes());
    return content;
  }

  private Optional<Owner> owner(CopyOptions options, StageState state, Origin origin)
      throws IOException, BuildfileException {
    if (options.owner().isEmpty()) {
      return Optional.empty();
    }
    try (RootTree below =
        RootTree.open(
            workshop.stores(),
            Users.isNumeric(options.owner().get()) ? List.of() : state.layers())) {
      return Optional.of(Users.owner(below.view(), options.owner().get(), origin));
    }
  }

  /**
   * As Docker's tools show it: with the flags that say what the files are like, here-documents
   * last.
   */
  private static String history(
      String keyword,
      List<CopySource> sources,
      CopyOptions options,
      boolean parents,
      String destination) {
    StringBuilder text = new StringBuilder(keyword);
    if (parents) {
      text.append(" --parents");
    }
    options.owner().ifPresent(owner -> text.append(" --chown=").append(owner));
    options.mode().ifPresent(mode -> text.append(" --chmod=").append(mode));
    for (CopySource source : sources) {
      if (source instanceof CopySource.Path path) {
        text.append(' ').append(GitReference.withoutLogin(path.path()));
      }
    }
    for (CopySource source : sources) {
      if (source instanceof CopySource.Inline inline) {
        text.append(" <<").append(inline.name());
      }
    }
    return text.append(' ').append(destination).toString();
  }
}

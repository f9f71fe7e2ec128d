package io.jbuild.builder.stage;

import io.jbuild.builder.instruction.Unset;
import io.jbuild.oci.RunConfig;
import io.jbuild.oci.RunConfigEditor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** UNSET: settings of the image so far are taken away. */
public final class UnsetStep {
  private UnsetStep() {}

  /**
   * Takes away what is there of what an instruction names.
   *
   * @param unset expanded
   */
  public static StageState apply(StageState state, Unset unset) {
    String createdBy =
        ("UNSET " + unset.kind() + " " + String.join(" ", unset.names())).stripTrailing();
    if (unset.kind() == Unset.Kind.ENV) {
      return state.withoutEnv(meant(unset, present(state, unset)), createdBy);
    }
    RunConfigEditor edit = state.config().edit();
    Set<String> gone = meant(unset, present(state, unset));
    switch (unset.kind()) {
      case CMD -> edit.cmd(List.of());
      case ENTRYPOINT -> entrypoint(state, edit);
      case EXPOSE -> edit.exposedPorts(without(state.config().exposedPorts(), gone));
      case HEALTHCHECK -> edit.healthcheck(Optional.empty());
      case LABEL -> {
        TreeMap<String, String> labels = new TreeMap<>(state.config().labels());
        labels.keySet().removeAll(gone);
        edit.labels(labels);
      }
      case SHELL -> edit.shell(List.of());
      case STOPSIGNAL -> edit.stopSignal("");
      case USER -> edit.user("");
      case VOLUME -> edit.volumes(without(state.config().volumes(), gone));
      case WORKDIR -> edit.workingDir("/");
      default -> throw new IllegalStateException("not known: " + unset.kind());
    }
    return state.configured(edit.build(), createdBy);
  }

  /** As {@code ENTRYPOINT []}: a CMD that came from the base was meant as its arguments. */
  private static void entrypoint(StageState state, RunConfigEditor edit) {
    edit.entrypoint(List.of());
    if (!state.cmdSet()) {
      edit.cmd(List.of());
    }
  }

  private static Set<String> meant(Unset unset, Set<String> present) {
    return unset.isAll() ? present : new TreeSet<>(unset.names());
  }

  private static SortedSet<String> without(Set<String> all, Set<String> gone) {
    TreeSet<String> rest = new TreeSet<>(all);
    rest.removeAll(gone);
    return rest;
  }

  /**
   * The names among those of an instruction that nothing has: it is likely that they are misspelt.
   *
   * @param unset expanded
   */
  public static List<String> missing(StageState state, Unset unset) {
    if (!unset.kind().isNamed() || unset.isAll()) {
      return List.of();
    }
    Set<String> present = present(state, unset);
    return unset.names().stream().filter(name -> !present.contains(name)).toList();
  }

  /** The names that can be taken away; none of kinds without names. */
  public static Set<String> present(StageState state, Unset unset) {
    RunConfig config = state.config();
    return switch (unset.kind()) {
      case ENV -> {
        Set<String> names = new TreeSet<>();
        config.env().forEach(entry -> names.add(entry.substring(0, entry.indexOf('='))));
        yield names;
      }
      case EXPOSE -> new TreeSet<>(config.exposedPorts());
      case LABEL -> new TreeSet<>(config.labels().keySet());
      case VOLUME -> new TreeSet<>(config.volumes());
      default -> Set.of();
    };
  }
}

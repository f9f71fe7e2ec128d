package io.jbuild.builder.instruction;

import io.jbuild.builder.expand.Expansion;
import io.jbuild.builder.parse.Keyword;
import io.jbuild.builder.source.BuildfileException;

/** One instruction of a Buildfile. */
public sealed interface Instruction
    permits Add,
        Arg,
        Cmd,
        ComputedArg,
        Copy,
        EnterInclude,
        Entrypoint,
        Env,
        Expose,
        From,
        Healthcheck,
        Label,
        LeaveInclude,
        Maintainer,
        Onbuild,
        Run,
        Shell,
        StopSignal,
        Unset,
        User,
        Volume,
        Workdir {

  Origin origin();

  Keyword keyword();

  /**
   * The same instruction with variables replaced where its kind allows them. Kinds that leave
   * variables to a shell return themselves. {@link Run} expands its mounts by {@link
   * Run#resolveMounts}.
   *
   * @param expansion made from the environment before this instruction
   */
  default Instruction expand(Expansion expansion) throws BuildfileException {
    return this;
  }

  <R, X extends Exception> R accept(Visitor<R, X> visitor) throws X;

  /** One method for each kind. */
  interface Visitor<R, X extends Exception> {
    R visit(Add add) throws X;

    R visit(Arg arg) throws X;

    R visit(Cmd cmd) throws X;

    R visit(ComputedArg arg) throws X;

    R visit(Copy copy) throws X;

    R visit(EnterInclude include) throws X;

    R visit(Entrypoint entrypoint) throws X;

    R visit(Env env) throws X;

    R visit(Expose expose) throws X;

    R visit(From from) throws X;

    R visit(Healthcheck healthcheck) throws X;

    R visit(Label label) throws X;

    R visit(LeaveInclude include) throws X;

    R visit(Maintainer maintainer) throws X;

    R visit(Onbuild onbuild) throws X;

    R visit(Run run) throws X;

    R visit(Shell shell) throws X;

    R visit(StopSignal stopSignal) throws X;

    R visit(Unset unset) throws X;

    R visit(User user) throws X;

    R visit(Volume volume) throws X;

    R visit(Workdir workdir) throws X;
  }
}

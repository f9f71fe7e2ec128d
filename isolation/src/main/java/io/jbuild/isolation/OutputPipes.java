package io.jbuild.isolation;

import io.jbuild.isolation.plan.StandardStreams;
import io.jbuild.linux.Closing;
import io.jbuild.linux.Fd;
import io.jbuild.linux.Pipe;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pipes that carry what a command writes, with a pump each. */
final class OutputPipes {
  private final String name;
  private final Closing kept;
  private final Closing forChild;
  private final List<OutputPump> pumps = new ArrayList<>();

  /**
   * @param kept closes the reading ends, at the sandbox's end
   * @param forChild closes the writing ends, once the child has them
   */
  OutputPipes(String name, Closing kept, Closing forChild) {
    this.name = name;
    this.kept = kept;
    this.forChild = forChild;
  }

  /** Empty where the child has the caller's own streams. */
  Optional<StandardStreams> streams(Stdio io) throws IOException {
    if (!(io instanceof Stdio.Captured captured)) {
      return Optional.empty();
    }
    Fd out = open(captured.out(), "out");
    Fd error = open(captured.error(), "err");
    return Optional.of(new StandardStreams(out, error));
  }

  /** Returns the writing end, which is the child's alone once it has started. */
  Fd open(OutputStream sink, String suffix) throws IOException {
    Pipe pipe = Pipe.open();
    pumps.add(kept.add(new OutputPump(pipe.readEnd(), sink, name + "-" + suffix)));
    return forChild.add(pipe.writeEnd());
  }

  /** All that have been opened. */
  List<OutputPump> pumps() {
    return List.copyOf(pumps);
  }
}

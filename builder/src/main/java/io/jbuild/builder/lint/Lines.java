package io.jbuild.builder.lint;

import io.jbuild.builder.instruction.Arg;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.instruction.Instruction;
import io.jbuild.builder.instruction.Stage;
import io.jbuild.builder.parse.Node;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The lines of a file. Every instruction has one node, in the same order.
 *
 * @param globals the ARGs before the first FROM
 * @param stages for each stage its FROM, and what follows it
 */
record Lines(List<Line> globals, List<List<Line>> stages) {
  Lines {
    globals = List.copyOf(globals);
    stages = List.copyOf(stages);
  }

  static Lines of(Buildfile file) {
    Iterator<Node> nodes = file.syntax().nodes().iterator();
    List<Line> globals = new ArrayList<>();
    for (Arg arg : file.globals()) {
      globals.add(line(file, arg, nodes.next()));
    }
    List<List<Line>> stages = new ArrayList<>();
    for (Stage stage : file.stages()) {
      List<Line> lines = new ArrayList<>();
      lines.add(line(file, stage.from(), nodes.next()));
      for (Instruction instruction : stage.instructions()) {
        lines.add(line(file, instruction, nodes.next()));
      }
      stages.add(List.copyOf(lines));
    }
    return new Lines(globals, stages);
  }

  private static Line line(Buildfile file, Instruction instruction, Node node) {
    return new Line(instruction, node.written(), node.range(), file.syntax().checks(node));
  }

  Line from(Stage stage) {
    return stages.get(stage.index()).get(0);
  }

  /** What follows the FROM. */
  List<Line> body(Stage stage) {
    List<Line> lines = stages.get(stage.index());
    return lines.subList(1, lines.size());
  }

  List<Line> all() {
    List<Line> all = new ArrayList<>(globals);
    stages.forEach(all::addAll);
    return all;
  }
}

package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.builder.Images;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rmi", description = "Remove names of images.")
final class RmiCommand extends CommandBase implements Callable<Integer> {
  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "A name, or an ID for all names of that image.")
  List<String> images = List.of();

  RmiCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    try (Engine engine = open(global().settings())) {
      for (String image : images) {
        List<Images.Removal> removed = engine.images().remove(image);
        removed.stream() // a name of several platforms is told of once
            .map(removal -> "untagged " + removal.name().familiar())
            .distinct()
            .forEach(console.out()::println);
        removed.stream()
            .filter(Images.Removal::lastName)
            .map(removal -> "removed " + removal.id())
            .distinct()
            .forEach(console.out()::println);
      }
    }
    return ExitCode.OK;
  }
}

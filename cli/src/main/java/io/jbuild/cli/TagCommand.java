package io.jbuild.cli;

import io.jbuild.builder.Engine;
import io.jbuild.oci.Reference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(name = "tag", description = "Give an image one more name.")
final class TagCommand extends CommandBase implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "IMAGE", description = "Name or ID of an image.")
  String image = "";

  @Parameters(index = "1", paramLabel = "NAME[:TAG]", description = "The new name.")
  String name = "";

  TagCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws Exception {
    Reference newName = BuildCommand.reference(name);
    if (newName.digest().isPresent()) {
      throw new TypeConversionException(
          "'" + name + "' has a digest, which says what an image is: give a name with a tag");
    }
    try (Engine engine = open(global().settings())) {
      console.out().println(engine.images().tag(image, newName).name().familiar());
    }
    return ExitCode.OK;
  }
}

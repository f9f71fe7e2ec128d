package io.jbuild.cli;

import io.jbuild.builder.UserException;
import io.jbuild.builder.context.IgnoreAnswer;
import io.jbuild.builder.context.IgnoreChoice;
import io.jbuild.builder.context.IgnoreFiles;
import io.jbuild.builder.context.IgnoreQuestions;
import io.jbuild.builder.match.Verdict;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.cli.text.Text;
import io.jbuild.linux.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "ignored",
    description = "Tell which rule of the ignore file keeps a path out of the context, or in it.",
    footer = {
      "",
      "Prints 'ignored' or 'kept', the path, and FILE:LINE: RULE, apart by tabs. Exit code 0: a path"
          + " is ignored; 1: none is; 2: it could not be told."
    })
final class IgnoredCommand extends CommandBase implements Callable<Integer> {
  private static final int NONE_IGNORED = 1;
  private static final int UNKNOWN = 2;

  @Parameters(
      paramLabel = "CONTEXT",
      index = "0",
      arity = "0..1",
      description = "Directory of the build context (default: .).")
  @Nullable Path context;

  @Parameters(
      paramLabel = "PATH",
      index = "1..*",
      description = "Paths in the context; they need not be there.")
  List<String> paths = List.of();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The Buildfile: FILE.dockerignore comes first.")
  @Nullable Path file;

  @Option(
      names = "--list",
      preprocessor = AttachedValue.ForList.class,
      paramLabel = "ignored|kept|all",
      arity = "0..1",
      fallbackValue = "ignored",
      description = "Instead of PATHs: all that is ignored, or kept, in the context.")
  @Nullable String list;

  @Mixin FormatOption format = new FormatOption();

  IgnoredCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() {
    boolean json = format.isJson();
    checkOptions();
    try {
      return answers(json);
    } catch (IOException | UserException | BuildfileException e) {
      console.err().println(ErrorPrinter.message(e));
      return UNKNOWN;
    }
  }

  private void checkOptions() {
    if (list == null && paths.isEmpty()) {
      throw new TypeConversionException("name paths behind the context, or say --list");
    }
    if (list != null && !paths.isEmpty()) {
      throw new TypeConversionException("--list is for the whole context, it takes no paths");
    }
    if (list != null && !List.of("ignored", "kept", "all").contains(list)) {
      throw new TypeConversionException("--list is ignored, kept or all, not '" + list + "'");
    }
  }

  private int answers(boolean json) throws IOException, UserException, BuildfileException {
    Path directory = context == null ? Path.of(".") : context;
    if (!Files.isDirectory(directory)) {
      throw new UserException("there is no directory \"" + directory + "\"");
    }
    if (file != null && !Files.isRegularFile(file)) {
      throw new UserException("there is no Buildfile \"" + file + "\"");
    }
    Optional<Path> buildfile =
        file == null ? IgnoreQuestions.buildfile(directory) : Optional.of(file);
    IgnoreChoice choice = IgnoreFiles.choose(directory, buildfile);
    if (!json) {
      console.err().println(why(choice));
    }
    try (IgnoreQuestions questions = IgnoreQuestions.open(directory, choice.rules());
        IgnoredOutput out = IgnoredOutput.of(json, choice, console.out())) {
      if (list == null) {
        for (String path : paths) {
          out.add(questions.ask(inside(directory, path)), path);
        }
      } else {
        questions.forEach(wanted(list, out));
      }
      return out.anyIgnored() ? ExitCode.OK : NONE_IGNORED;
    }
  }

  private static Consumer<IgnoreAnswer> wanted(String list, IgnoredOutput out) {
    return answer -> {
      boolean passage = answer.verdict() == Verdict.PASSAGE;
      boolean wanted =
          list.equals("all") || (!passage && answer.isIgnored() == list.equals("ignored"));
      if (wanted) {
        String name = answer.path().toString().substring(1);
        out.add(answer, answer.directory() ? name + "/" : name);
      }
    };
  }

  private static String why(IgnoreChoice choice) {
    String absent = String.join(", ", choice.absent());
    if (choice.file().isEmpty()) {
      return "no ignore file: there is no " + absent;
    }
    String why = "rules of " + choice.file().get();
    if (!choice.absent().isEmpty()) {
      why += "; there is no " + absent;
    }
    if (!choice.silent().isEmpty()) {
      why += "; " + String.join(", ", choice.silent()) + " has no say beside it";
    }
    return Text.printable(why);
  }

  /** Below the context; an absolute path may name something in it. */
  private static TreePath inside(Path directory, String path) throws IOException, UserException {
    Path given = Path.of(path);
    Path relative = given;
    if (given.isAbsolute()) {
      Path root = directory.toAbsolutePath().normalize();
      Path real = directory.toRealPath();
      if (!given.normalize().startsWith(root) && !given.normalize().startsWith(real)) {
        throw new UserException("\"" + path + "\" is not in the context \"" + directory + "\"");
      }
      Path base = given.normalize().startsWith(root) ? root : real;
      relative = base.relativize(given.normalize());
    }
    if (relative.normalize().startsWith("..")) {
      throw new UserException("\"" + path + "\" is not in the context \"" + directory + "\"");
    }
    return TreePath.parse(relative.toString());
  }
}

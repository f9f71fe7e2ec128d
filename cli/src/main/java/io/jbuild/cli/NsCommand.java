package io.jbuild.cli;

import io.jbuild.builder.UserException;
import io.jbuild.builder.engine.Engines;
import io.jbuild.isolation.running.NamespaceEntry;
import io.jbuild.isolation.running.NamespaceTable;
import io.jbuild.isolation.running.RunningEntry;
import io.jbuild.isolation.running.RunningSandboxes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "ns",
    description = "List namespaces as lsns does: all, those of a process, or those of what runs.")
final class NsCommand extends CommandBase implements Callable<Integer> {
  @Parameters(
      paramLabel = "PID|NAME",
      arity = "0..1",
      description = "A process, or the name of a sandbox in 'jbuild ps' (default: all).")
  @Nullable String which;

  @Option(
      names = {"-p", "--task"},
      paramLabel = "PID",
      description = "The namespaces of this process.")
  @Nullable Integer task;

  @Option(
      names = {"-t", "--type"},
      paramLabel = "TYPE",
      split = ",",
      description = "mnt, net, ipc, user, pid, uts, cgroup or time; several are allowed.")
  List<String> types = List.of();

  @Option(
      names = {"-n", "--no-headings", "--noheadings"},
      description = "No line of headings.")
  boolean noHeadings;

  @Option(
      names = {"-l", "--long"},
      description = "With the user namespace that each belongs to, and the one around it.")
  boolean longForm;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table (default) or json.")
  String format = "table";

  NsCommand(Console console) {
    super(console);
  }

  @Override
  public Integer call() throws IOException, UserException {
    check();
    List<NamespaceEntry> found =
        entries().stream()
            .filter(entry -> types.isEmpty() || types.contains(entry.kind()))
            .toList();
    if (format.equals("json")) {
      NamespacesJson.write(found, console.out());
    } else {
      table(found);
    }
    return ExitCode.OK;
  }

  private void check() {
    if (!format.equals("table") && !format.equals("json")) {
      throw new TypeConversionException("--format is table or json, not '" + format + "'");
    }
    if (task != null && which != null) {
      throw new TypeConversionException("give --task or " + which + ", not both");
    }
    for (String type : types) {
      if (!NamespaceTable.KINDS.contains(type)) {
        throw new TypeConversionException(
            "--type is one of " + String.join(", ", NamespaceTable.KINDS) + ", not '" + type + "'");
      }
    }
  }

  private List<NamespaceEntry> entries() throws IOException, UserException {
    if (which == null && task == null) {
      return NamespaceTable.all();
    }
    int pid = task != null ? task : process(which == null ? "" : which);
    return NamespaceTable.of(pid)
        .orElseThrow(() -> new UserException("there is no process " + pid));
  }

  private int process(String text) throws IOException, UserException {
    RunningSandboxes running =
        RunningSandboxes.in(Engines.runtimeDirectory(global().storeDirectory()));
    Optional<RunningEntry> named = running.find(text);
    if (named.isPresent()) {
      int pid = named.get().pid();
      if (!RunningSandboxes.startTicks(pid).equals(Optional.of(named.get().startTicks()))) {
        throw new UserException("the sandbox \"" + text + "\" has just ended");
      }
      return pid;
    } else if (text.matches("[0-9]{1,9}")) {
      return Integer.parseInt(text);
    }
    throw new UserException(
        "nothing runs that is called \"" + text + "\"", "jbuild ps lists what runs");
  }

  private void table(List<NamespaceEntry> entries) {
    Table table =
        longForm
            ? new Table("NS", "TYPE", "NPROCS", "PID", "OWNER", "PARENT", "USER", "COMMAND")
            : new Table("NS", "TYPE", "NPROCS", "PID", "USER", "COMMAND");
    for (NamespaceEntry entry : entries) {
      String number = String.valueOf(entry.number());
      String processes = String.valueOf(entry.processes());
      String pid = String.valueOf(entry.pid());
      if (longForm) {
        String owner = text(entry.owner());
        String parent = text(entry.parent());
        table.row(
            number, entry.kind(), processes, pid, owner, parent, entry.user(), entry.command());
      } else {
        table.row(number, entry.kind(), processes, pid, entry.user(), entry.command());
      }
    }
    if (noHeadings) {
      table.printRows(console.out());
    } else {
      table.print(console.out());
    }
  }

  private static String text(OptionalLong number) {
    return number.isPresent() ? String.valueOf(number.getAsLong()) : "-";
  }
}

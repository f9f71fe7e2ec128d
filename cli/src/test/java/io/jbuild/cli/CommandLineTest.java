package io.jbuild.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a command line finds its command, and what wrong ones are answered. */
class CommandLineTest {
  private record Answer(int code, String out, String err) {}

  private static Answer run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            List.of(words),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Answer(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "'.', 'build .'",
    "'-t hello .', 'build -t hello .'",
    "'-f Buildfile .', 'build -f Buildfile .'",
    "'--store /s -t run .', '--store /s build -t run .'",
    "'--store=/s .', '--store=/s build .'",
    "'build .', 'build .'",
    "'--store images build .', '--store images build .'",
    "'-D run image ls', '-D run image ls'",
    "'--help', '--help'",
    "'help', '--help'",
    "'help run', 'run --help'",
    "'--store /s help run', '--store /s run --help'",
    "'./images', 'build ./images'",
    "'-', 'build -'",
  })
  void withCommand_putsBuildInFront(String line, String expected) {
    assertEquals(words(expected), Main.withCommand(words(line)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--store DIR images -q", "images --store DIR -q", "images -q --store=DIR"})
  void globalOptions_standBeforeOrAfterTheCommand(String line, @TempDir Path directory) {
    Path store = directory.resolve("store");
    Answer answer = run(words(line.replace("DIR", store.toString())).toArray(String[]::new));
    assertEquals(ExitCode.OK, answer.code, answer.err);
    assertTrue(Files.isDirectory(store));
  }

  @Test
  void noWords_isUsage() {
    Answer answer = run();
    assertEquals(ExitCode.USAGE, answer.code);
    assertEquals("", answer.out);
    assertTrue(answer.err.contains("usage: jbuild"), answer.err);
  }

  @Test
  void help_listsEveryCommand() {
    Answer answer = run("--help");
    assertEquals(ExitCode.OK, answer.code);
    for (String command : CommandTable.names()) {
      assertTrue(answer.out.contains("\n  " + command), () -> command + " is not in " + answer.out);
    }
  }

  @Test
  void everyCommand_hasHelp() {
    for (String command : CommandTable.names()) {
      Answer answer = run(command, "--help");
      assertEquals(ExitCode.OK, answer.code, command);
      assertTrue(answer.out.startsWith("usage: jbuild " + command), answer.out);
      assertEquals("", answer.err);
    }
  }

  @Test
  void version_isOneLine() {
    Answer answer = run("--version");
    assertEquals(ExitCode.OK, answer.code);
    assertTrue(answer.out.matches("jbuild \\S+\\n"), answer.out);
  }

  @ParameterizedTest
  @CsvSource({
    "'imagse', 'unknown command ''imagse'''",
    "'build --cap-add FLY .', 'there is no capability ''FLY'''",
    "'run --cap-add CHOWN --cap-drop cap_chown x', 'CAP_CHOWN is both added and dropped'",
    "'build --security-opt foo=bar .', 'not ''foo=bar'''",
    "'run --security-opt mask=/etc x', 'not a path below /proc or /sys'",
    "'run --security-opt label=what x', 'a label is disable'",
    "'run --security-opt seccomp=/no/such x', 'is no file'",
    "'build --tga x .', 'unknown option ''--tga'''",
    "'build a b', 'unexpected argument ''b'''",
    "'build --memory 64q .', '--memory: \"64q\" is not a size'",
    "'build --memory 64k .', 'memory is 6m or more'",
    "'run --memory-swap 1g image', 'needs a limit of memory beside it'",
    "'build -m 1g --memory-swap 512m .', 'memory and swap together'",
    "'run -m 1g --memory-reservation 2g image', 'at most the limit'",
    "'build --cpus 0 .', '0.01 to 10000 cores'",
    "'build --cpus many .', 'not a number of cores'",
    "'build --cpus 1 --cpu-quota 5000 .', 'give one of them'",
    "'build --cpu-quota 10 .', '1000 microseconds or more'",
    "'build --cpu-period 10 .', '1000 to 1000000 microseconds'",
    "'run -c 1 image', '2 to 262144 shares'",
    "'run --cpuset-cpus a image', 'not a list of numbers'",
    "'build --cpuset-mems 3-1 .', 'no range of numbers'",
    "'build --pids-limit 0 .', '1 to 4194304, or -1'",
    "'build --shm-size 0 .', '1 byte or more'",
    "'run --device-read-bps /dev/null:1m image', 'is no disk'",
    "'run --device-write-bps sda:1m image', 'not DEVICE:RATE'",
    "'run --device-read-iops /dev/null image', 'not DEVICE:RATE'",
    "'run --blkio-weight 5 image', '10 to 1000'",
    "'build --step-timeout 5 .', 'not a duration'",
    "'build --step-timeout -5s .', 'for option ''--step-timeout'' but found ''-5s'''",
    "'build --step-timeout -5 .', 'not a duration'",
    "'build -t -x .', 'but found ''-x'''",
    "'build -t', 'Missing required parameter for option ''--tag'''",
    "'build --step-retry twice .', 'not TIMES[,DELAY]'",
    "'build --step-retry 101 .', '0 to 100 more tries'",
    "'build --step-retry 2,2h .', 'a delay is 0 to 1h'",
    "'build --resource disk=1 .', '--resource knows memory'",
    "'build --resource memory=1g -m 1g .', 'there is such a limit already'",
    "'build --resource memory .', 'takes NAME=VALUE'",
    "'build --output type=zip .', 'the type is one of'",
    "'build --output type=oci,dest=a,dest=b .', 'names dest twice'",
    "'build --secret src=x .', '--secret needs id=NAME'",
    "'build --build-context x .', 'takes NAME=VALUE'",
    "'build --network bridge .', 'host, none or private'",
    "'build --allow root .', 'network.host, security.insecure or device'",
    "'build --allow device=a,b=c .', 'is one device'",
    "'build --allow device= .', 'is one device'",
    "'run --platform linux/amd64,linux/arm64 base', 'one platform at a time'",
    "'build -t UPPER .', 'UPPER'",
    "'build --pull=sometimes .', 'missing, always or never'",
    "'build --progress fancy .', 'auto, tty, plain, rawjson and quiet'",
    "'build --provenance mode=max .', 'no attestations'",
    "'build --ulimit files=1 .', 'there is no limit'",
    "'build https:///x', 'no host'",
    "'build --build-context a=ftp://x/y .', 'unknown kind of context'",
    "'build -f https://example.com/x.git .', 'can be the context'",
    "'check a b', 'unexpected argument ''b'''",
    "'check --format xml .', 'text or json'",
    "'build -j 0 .', 'at least 1'",
    "'build --source-date-epoch 1e9 .', 'not a number of seconds'",
    "'build --push .', 'give one with --tag'",
    "'build -o type=registry .', 'give one with --tag'",
    "'build --add-host name .', 'NAME:ADDRESS'",
    "'build --secret id=a,src=/no/such/file .', 'there is no file'",
    "'build --secret id=a,src=/ .', 'there is no file'",
    "'run --add-host a:b image', 'NAME:ADDRESS'",
    "'import / name', 'is a directory'",
    "'load -i one two', 'named twice'",
    "'tag one name@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'digest'",
    "'tag one', 'NAME'",
    "'save --format zip x', 'oci-archive, oci-dir or docker-archive'",
    "'save --format oci-dir x', 'needs --output'",
  })
  void wrongLine_isThreeLinesAndExitCode2(String line, String part) {
    Answer answer = run(words(line).toArray(String[]::new));
    assertEquals(ExitCode.USAGE, answer.code, answer.err);
    assertEquals("", answer.out);
    assertTrue(answer.err.contains(part), answer.err);
    assertTrue(answer.err.lines().count() <= 4, answer.err);
  }
}

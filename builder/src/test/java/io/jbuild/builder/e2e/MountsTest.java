package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.SecretSource;
import io.jbuild.builder.StepFailedException;
import io.jbuild.builder.UserException;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.linux.LockFile;
import io.jbuild.linux.mount.MountApi;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What RUN sees through its mounts, and that none of it stays. */
class MountsTest {
  private static final String VALUE = "s3cr3t-value-7f2a";

  private static final int LARGE = 24;

  @TempDir private Path directory;

  @Test
  void secret_isSeenAndLeavesNoTrace() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request ->
              request.secret(
                  "token", new SecretSource.OfBytes(VALUE.getBytes(StandardCharsets.UTF_8))),
          "FROM busybox:test",
          "RUN --mount=type=secret,id=token,required=true "
              + "--mount=type=secret,id=token,env=TOKEN,target=/t "
              + "test $(cat /run/secrets/token) = $TOKEN && stat -c %a /run/secrets/token && wc -c < /t");
      assertEquals(List.of("400", "" + VALUE.length()), builds.last().output());
      assertEquals(1, builds.image().layers().size());
      try (var all = Files.walk(builds.store())) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          String content = Files.readString(file, StandardCharsets.ISO_8859_1);
          assertFalse(content.contains(VALUE), () -> "the secret is in " + file);
        }
      }
    }
  }

  @Test
  void missingSecret_isAnErrorOnlyWhereRequired() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build("FROM busybox:test", "RUN --mount=type=secret,id=x ls /run || true");
      assertThrows(
          BuildfileException.class,
          () ->
              builds.build("FROM busybox:test", "RUN --mount=type=secret,id=x,required=true true"));
    }
  }

  @Test
  void cache_outlivesTheBuildAndIsNotInTheImage() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String mount = "RUN --mount=type=cache,target=/cache,id=c ";
      builds.build("FROM busybox:test", mount + "echo kept > /cache/file");
      builds.build("FROM busybox:test", mount + "cat /cache/file");
      assertEquals(List.of("kept"), builds.last().output());
      assertFalse(builds.root().containsKey("/cache/file"));
      assertEquals(1, builds.image().layers().size());
    }
  }

  @Test
  void cache_ofAnotherOwnerIsAnotherOne() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test",
          "USER 10",
          "RUN --mount=type=cache,target=/cache,uid=10 touch /cache/ten",
          "USER 0",
          "RUN --mount=type=cache,target=/cache touch /cache/zero",
          "RUN --mount=type=cache,target=/cache ls /cache && stat -c %u:%g:%a /cache",
          "RUN --mount=type=cache,target=/cache,uid=10 ls /cache && stat -c %u:%g:%a /cache");
      assertEquals(List.of("zero", "0:0:755", "ten", "10:0:755"), builds.last().output());
    }
  }

  @Test
  void cache_beginsWithTheFilesOfAStage() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String[] file = {
        "FROM busybox:test AS first",
        "RUN mkdir -p /w/d && echo given > /w/d/f && chown -R 7:8 /w",
        "FROM busybox:test",
        "RUN --mount=type=cache,from=first,source=/w,target=/c "
            + "find /c | sort && cat /c/d/f && stat -c %u:%g /c /c/d/f && echo more > /c/more"
      };
      builds.build(file);
      assertEquals(List.of("/c", "/c/d", "/c/d/f", "given", "7:8", "7:8"), builds.last().output());
      file[3] = "RUN --mount=type=cache,from=first,source=/w,target=/c cat /c/more /c/d/f";
      builds.build(file);
      assertEquals(List.of("more", "given"), builds.last().output());
      file[1] = "RUN mkdir /w && echo else > /w/f";
      file[3] = "RUN --mount=type=cache,from=first,source=/w,target=/c ls /c";
      builds.build(file);
      assertEquals(List.of("f"), builds.last().output());
      file[3] = "RUN --mount=type=cache,from=first,source=/w/f,target=/c true";
      assertThrows(BuildfileException.class, () -> builds.build(file));
    }
  }

  @Test
  void cache_lockedTwiceByOneStep_isToldAndNotWaitedFor() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String locked = "--mount=type=cache,id=x,sharing=locked,target=";
      String shared = "--mount=type=cache,id=x,target=";
      for (String other : List.of(locked, shared)) {
        UserException error =
            assertThrows(
                UserException.class,
                () ->
                    builds.build("FROM busybox:test", "RUN " + locked + "/a " + other + "/b true"));
        assertTrue(error.getMessage().contains("has the same directory locked"), "" + error);
      }
      builds.build("FROM busybox:test", "RUN " + shared + "/a " + shared + "/b true");
    }
  }

  @Test
  void bind_showsFilesOfContextAndStage() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("dir/a", "A");
      String[] file = {
        "FROM busybox:test AS tools",
        "RUN echo tool > /tool",
        "FROM busybox:test",
        "RUN --mount=target=/src --mount=from=tools,source=/tool,target=/t "
            + "--mount=source=dir,target=/d,rw "
            + "cat /src/dir/a /t && echo x > /d/x && ! touch /src/y 2>/dev/null"
      };
      builds.build(file);
      assertEquals(List.of("Atool"), builds.last().output());
      assertFalse(builds.root().containsKey("/d/x"));
      builds.build(file);
      assertEquals(List.of(), builds.last().ran());
      builds.file("dir/a", "B");
      builds.build(file);
      assertEquals(List.of("Btool"), builds.last().output());
    }
  }

  @Test
  void bindOfAStage_followsLinksInsideItOnly() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("marker"), "of the machine");
    try (Builds builds = Builds.in(directory)) {
      String[] file = {
        "FROM busybox:test AS hostile",
        "RUN mkdir -p /d/e && echo inside > /marker && echo below > /d/e/f"
            + " && ln -s / /root-link && ln -s ../../../../.. /d/up && ln -s ../../root-link/d/e /d/e/l"
            + " && ln -s "
            + outside
            + " /away",
        "FROM busybox:test",
        ""
      };
      for (String source : List.of("/root-link", "d/up", "../../..", "/d/up/root-link", "/")) {
        // The content is the same each time, so only another command is not answered by the cache.
        file[3] =
            "RUN --mount=from=hostile,source=" + source + ",target=/m cat /m/marker #" + source;
        builds.build(file);
        assertEquals(List.of("inside"), builds.last().output(), source);
      }
      file[3] = "RUN --mount=from=hostile,source=/root-link/d/e/l/f,target=/m cat /m";
      builds.build(file);
      assertEquals(List.of("below"), builds.last().output());
      for (String source : List.of("/away", "/d/up" + outside, "/proc/1/root")) {
        file[3] = "RUN --mount=from=hostile,source=" + source + ",target=/m cat /m/marker";
        BuildfileException error =
            assertThrows(BuildfileException.class, () -> builds.build(file), source);
        assertTrue(String.valueOf(error.getMessage()).contains("is not in stage"));
      }
    }
  }

  @Test
  void bind_discardsWhatIsWritten() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("f", "of the context");
      String tree = "type=bind,from=first,source=/w,target=/w";
      String part = "type=bind,from=first,source=/w/f,target=/f";
      String context = "type=bind,source=f,target=/c";
      builds.build(
          "FROM busybox:test AS first",
          "RUN mkdir /w && echo kept > /w/f && chown 7:8 /w && chmod 750 /w",
          "FROM busybox:test",
          String.format("RUN --mount=%s,rw echo x > /w/f && touch /w/new && rm -r /w/f", tree),
          String.format("RUN --mount=%s,rw echo x > /f", part),
          String.format("RUN --mount=%s,rw echo x > /c", context),
          "RUN --mount=type=bind,from=first,target=/all,rw rm -r /all/w && touch /all/new",
          String.format("RUN --mount=%s ! touch /w/f 2>/dev/null && ls /w && cat /w/f", tree),
          "RUN --mount=type=bind,from=first,target=/all stat -c %u:%g:%a /all/w && ls /all/w",
          String.format("RUN --mount=%s --mount=%s ! echo x > /f; cat /f /c", part, context));
      assertEquals(
          List.of("f", "kept", "7:8:750", "f", "kept", "of the context"),
          builds.last().output().stream().filter(line -> !line.contains("Read-only")).toList());
      assertFalse(builds.root().containsKey("/w/new"));
    }
  }

  @Test
  void bindOfAStage_copiesNothing() throws Exception {
    Assumptions.assumeTrue(
        MountApi.clonesDetached(), "skipped: this kernel clones no detached mount (Linux 6.15)");
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test AS large",
          "RUN mkdir -p /w && dd if=/dev/zero of=/w/f bs=1M count=" + LARGE + " 2>/dev/null",
          "FROM busybox:test",
          "RUN --mount=from=large,source=/w,target=/w wc -c < /w/f",
          "RUN --mount=from=large,source=/w/f,target=/f wc -c < /f",
          "RUN --mount=from=large,source=/w,target=/w,rw wc -c < /w/f && touch /w/g");
      String bytes = Integer.toString(LARGE << 20);
      assertEquals(List.of(bytes, bytes, bytes), builds.last().output());
      long stored = 0;
      try (var all = Files.walk(builds.store())) {
        for (Path file : all.filter(path -> path.endsWith("f")).toList()) {
          stored += Files.size(file);
        }
      }
      assertEquals(LARGE << 20, stored);
    }
  }

  @Test
  void tmpfs_isEmptyAndGoes() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test",
          "RUN --mount=type=tmpfs,target=/tmp,size=1m echo x > /tmp/x && "
              + "! dd if=/dev/zero of=/tmp/y bs=1k count=2000 2>/dev/null");
      assertFalse(builds.root().containsKey("/tmp/x"));
    }
  }

  @Test
  void ssh_isASocketOfTheUserThatIsAskedFor() throws Exception {
    Path socket = directory.resolve("agent");
    try (Builds builds = Builds.in(directory);
        ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.bind(UnixDomainSocketAddress.of(socket));
      builds.build(
          request -> request.ssh("default", socket),
          "FROM busybox:test",
          "RUN --mount=type=ssh stat -c %u:%g:%a:%F $SSH_AUTH_SOCK",
          "USER 1000",
          "RUN --mount=type=ssh,uid=1000,gid=5,mode=0660 stat -c %u:%g:%a $SSH_AUTH_SOCK",
          "RUN --mount=type=ssh,id=other test -z \"$SSH_AUTH_SOCK\"");
      assertEquals(List.of("0:0:600:socket", "1000:5:660"), builds.last().output());
      Path file = builds.file("key", "no socket");
      assertThrows(
          UserException.class,
          () ->
              builds.build(
                  request -> request.ssh("default", file),
                  "FROM busybox:test",
                  "RUN --mount=type=ssh echo again"));
    }
  }

  @Test
  void targets_inTheSystemAreRefused() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      for (String target : List.of("/", "/proc", "/proc/self", "/sys/fs")) {
        BuildfileException error =
            assertThrows(
                BuildfileException.class,
                () ->
                    builds.build(
                        "FROM busybox:test", "RUN --mount=type=tmpfs,target=" + target + " true"));
        assertTrue(String.valueOf(error.getMessage()).startsWith("Buildfile:2: "));
      }
    }
  }

  @Test
  void insecure_needsToBeAllowed() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      assertThrows(
          BuildfileException.class,
          () -> builds.build("FROM busybox:test", "RUN --security=insecure true"));
    }
  }

  /** Two builds meet in the directory, or they would wait for each other's file for ever. */
  @Test
  void cacheShared_isForTwoStepsAtOnce() throws Exception {
    try (Builds one = Builds.in(directory);
        Builds two = Builds.again(directory)) {
      CompletableFuture<Void> first = meeting(one, "shared", "a", "b");
      meeting(two, "shared", "b", "a").get(1, TimeUnit.MINUTES);
      first.get(1, TimeUnit.MINUTES);
    }
  }

  private static CompletableFuture<Void> meeting(
      Builds builds, String sharing, String mine, String other) {
    return start(
        builds,
        "RUN --mount=type=cache,target=/c,sharing=%s touch /c/%s; until [ -e /c/%s ]; do usleep 20000; done"
            .formatted(sharing, mine, other));
  }

  private static CompletableFuture<Void> start(Builds builds, String run) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            builds.build("FROM busybox:test", run);
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        command -> new Thread(command, "build").start());
  }

  /** The first step stays in its directory until the second one has been in another. */
  @Test
  void cachePrivate_isAnotherOneForTheSecond() throws Exception {
    try (Builds one = Builds.in(directory);
        Builds two = Builds.again(directory)) {
      String gate = "--mount=type=cache,id=gate,target=/gate ";
      String mount = "RUN --mount=type=cache,target=/c,sharing=private " + gate;
      CompletableFuture<Void> first =
          start(
              one,
              mount
                  + "touch /c/first /gate/in; until [ -e /gate/done ]; do usleep 20000; done; ls /c");
      start(
              two,
              mount
                  + "until [ -e /gate/in ]; do usleep 20000; done; ls /c; touch /c/two /gate/done")
          .get(1, TimeUnit.MINUTES);
      first.get(1, TimeUnit.MINUTES);
    }
  }

  /** Who comes second never sees what the first has there for the time of its step only. */
  @Test
  void cacheLocked_isForOneStepAtATime() throws Exception {
    try (Builds one = Builds.in(directory);
        Builds two = Builds.again(directory)) {
      String run =
          "RUN --mount=type=cache,target=/c,sharing=locked"
              + " mkdir /c/held && usleep 50000 && rmdir /c/held # ";
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Void> first = start(one, run + "1." + i);
        start(two, run + "2." + i).get(1, TimeUnit.MINUTES);
        first.get(1, TimeUnit.MINUTES);
      }
    }
  }

  @Test
  @Timeout(60)
  void cacheLocked_waitEndsWithTheBuild() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test", "RUN --mount=type=cache,id=x,target=/c,sharing=locked true");
      Path lock;
      try (var all = Files.walk(builds.store().resolve("cache-mounts"))) {
        lock = all.filter(path -> path.endsWith("lock")).findFirst().orElseThrow();
      }
      try (LockFile held = LockFile.lock(lock, LockFile.Mode.EXCLUSIVE)) {
        StepFailedException error =
            assertThrows(
                StepFailedException.class,
                () ->
                    builds.build(
                        "FROM busybox:test AS waits",
                        "RUN --mount=type=cache,id=x,target=/c,sharing=locked echo never",
                        "FROM busybox:test AS fails",
                        "RUN exit 3",
                        "FROM scratch",
                        "COPY --from=waits /bin/sh /",
                        "COPY --from=fails /bin/sh /"));
        assertEquals(lock, held.path());
        assertTrue(String.valueOf(error.getMessage()).contains("exit code 3"), error.getMessage());
      }
    }
  }

  @Test
  void cache_withoutAnIdIsNamedByItsTargetAsWritten() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          "FROM busybox:test",
          "WORKDIR /a",
          "RUN --mount=type=cache,target=./c/ touch /a/c/file",
          "WORKDIR /b",
          "RUN --mount=type=cache,target=c ls /b/c",
          "RUN --mount=type=cache,id=c,target=/d ls /d",
          "RUN --mount=type=cache,target=/c ls /c | wc -l");
      assertEquals(List.of("file", "file", "0"), builds.last().output());
    }
  }

  @Test
  void mount_withoutATargetIsOnTheWorkingDirectory() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.file("f", "of the context");
      builds.build("FROM busybox:test", "WORKDIR /w", "RUN --mount=type=bind cat /w/f");
      assertEquals(List.of("of the context"), builds.last().output());
      assertThrows(
          BuildfileException.class,
          () -> builds.build("FROM busybox:test", "RUN --mount=type=bind cat /f"));
    }
  }

  @Test
  void modes_areThoseThatTheFilesCanHave() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          request -> request.secret("s", new SecretSource.OfBytes(new byte[] {'x'})),
          "FROM busybox:test",
          "RUN --mount=type=tmpfs,target=/t,tmpfs-mode=0700,size=0 "
              + "--mount=type=tmpfs,target=/ro,ro,tmpfs-size=1m "
              + "--mount=type=secret,id=s,mode=6755,uid=4294967294,gid=5 "
              + "--mount=type=cache,target=/c,mode=2770,Z,bind-propagation=rprivate "
              + "stat -c '%a %u:%g' /t /ro /run/secrets/s /c; touch /ro/x 2>&1 | grep -o Read-only");
      assertEquals(
          List.of("700 0:0", "1777 0:0", "755 4294967294:5", "2770 0:0", "Read-only"),
          builds.last().output());
    }
  }
}

package io.jbuild.builder.e2e;

import io.jbuild.layers.tar.TarEntry;
import io.jbuild.layers.tar.TarType;
import io.jbuild.layers.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A root file system of one static program, as a tar archive. */
final class BusyboxRoot {
  static final Path BUSYBOX = Path.of("/bin/busybox");

  private static final List<String> APPLETS =
      List.of(
          "sh",
          "ls",
          "cat",
          "echo",
          "true",
          "false",
          "mkdir",
          "rm",
          "ln",
          "chmod",
          "chown",
          "id",
          "env",
          "pwd",
          "sleep",
          "touch",
          "stat",
          "cp",
          "mv",
          "head",
          "dd",
          "grep",
          "find",
          "kill",
          "printf",
          "test",
          "hostname",
          "ifconfig",
          "seq",
          "sort",
          "wc",
          "readlink");

  private BusyboxRoot() {}

  static InputStream tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(bytes);
    directory(tar, "bin", 0755);
    file(tar, "bin/busybox", 0755, Files.readAllBytes(BUSYBOX));
    for (String applet : APPLETS.stream().sorted().toList()) {
      tar.begin(
          TarEntry.of(TarType.SYMLINK, utf8("bin/" + applet))
              .linkTarget(utf8("busybox"))
              .permissions(0777)
              .build());
    }
    directory(tar, "etc", 0755);
    file(tar, "etc/group", 0644, utf8("root:x:0:\nstaff:x:50:app\napp:x:1000:\n"));
    file(
        tar,
        "etc/passwd",
        0644,
        utf8("root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n"));
    directory(tar, "root", 0700);
    directory(tar, "tmp", 01777);
    tar.finish();
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static void directory(TarWriter tar, String name, int mode) throws IOException {
    tar.begin(TarEntry.of(TarType.DIRECTORY, utf8(name)).permissions(mode).build());
  }

  private static void file(TarWriter tar, String name, int mode, byte[] content)
      throws IOException {
    tar.begin(
        TarEntry.of(TarType.REGULAR, utf8(name)).permissions(mode).size(content.length).build());
    tar.write(content, 0, content.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

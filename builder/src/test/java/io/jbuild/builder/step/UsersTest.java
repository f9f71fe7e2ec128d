package io.jbuild.builder.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.builder.copy.Owner;
import io.jbuild.builder.instruction.Origin;
import io.jbuild.builder.source.Source;
import io.jbuild.builder.source.SourceRange;
import io.jbuild.isolation.UnknownAccountException;
import io.jbuild.isolation.User;
import io.jbuild.linux.DeviceNumber;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileType;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsersTest {
  private static final User ROOT = new User(0, 0, List.of(0L));

  @Test
  void account_inAnImageWithoutFiles_isRootOrANumber() throws Exception {
    try (Dir root = new MemoryTree().root();
        TreeView view = TreeView.of(root)) {
      for (String text : List.of("", "root", "0", "root:root", ":0")) {
        assertEquals(new Users.Account(ROOT, "/root"), Users.account(view, text), text);
      }
      assertEquals(new User(7, 0, List.of(0L)), Users.account(view, "7:root").user());
      assertEquals("/", Users.account(view, "7").home());
      assertThrows(UnknownAccountException.class, () -> Users.account(view, "nobody"));
    }
  }

  @Test
  void account_followsLinksInTheImage() throws Exception {
    try (Dir root = new MemoryTree().root();
        TreeView view = TreeView.of(root)) {
      write(root.makeDir(Name.of("store"), 0755), "passwd", "app:x:7:8::/home/app:\n");
      Dir etc = root.makeDir(Name.of("etc"), 0755);
      root.symlink(Name.of("link"), bytes("/store"));
      etc.symlink(Name.of("passwd"), bytes("../../../link/../store/passwd"));
      etc.symlink(Name.of("group"), bytes("group"));
      assertThrows(IOException.class, () -> Users.account(view, "app"), "a link to itself");
      etc.unlink(Name.of("group"));
      User app = new User(7, 8, List.of(8L));
      assertEquals(new Users.Account(app, "/home/app"), Users.account(view, "app"));
    }
  }

  @Test
  void ofMade_idAlone_isTheGroupToo() throws Exception {
    try (Dir root = new MemoryTree().root();
        TreeView view = TreeView.of(root)) {
      write(root.makeDir(Name.of("etc"), 0755), "passwd", "app:x:7:8::/home/app:\n");
      Origin nowhere =
          new Origin(Source.of("Buildfile", "USER 7"), SourceRange.line(1), "USER 7", '\\');
      assertEquals(new Owner(7, 7), Users.ofMade(view, "7", nowhere));
      assertEquals(new Owner(7, 8), Users.ofMade(view, "app", nowhere));
      assertEquals(new Owner(7, 9), Users.ofMade(view, "7:9", nowhere));
      assertEquals(new Owner(0, 0), Users.ofMade(view, "", nowhere));
    }
  }

  @Test
  void account_neverOpensWhatIsNoFile() throws Exception {
    try (Dir root = new MemoryTree().root();
        TreeView view = TreeView.of(root)) {
      Dir etc = root.makeDir(Name.of("etc"), 0755);
      etc.makeNode(Name.of("passwd"), FileType.FIFO, 0644, new DeviceNumber(0, 0));
      assertEquals(7, Users.account(view, "7").user().uid());
      assertThrows(UnknownAccountException.class, () -> Users.account(view, "app"));
    }
  }

  private static void write(Dir dir, String name, String text) throws IOException {
    try (OutputFile file = dir.create(Name.of(name), 0644)) {
      file.write(ByteBuffer.wrap(bytes(text)));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package io.jbuild.builder.libs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jbuild.builder.UserException;
import io.jbuild.linux.Dir;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.OutputFile;
import io.jbuild.linux.TreePath;
import io.jbuild.overlay.TreeView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small systems with programs of two hundred bytes. */
class ProgramClosureTest {
  private static final String LD = "/lib64/ld-linux-x86-64.so.2";

  private MemoryTree files;
  private Dir root;

  @BeforeEach
  void make() throws IOException {
    files = new MemoryTree();
    root = files.root();
  }

  @AfterEach
  void close() throws IOException {
    root.close();
    files.close();
  }

  private static TinyElf elf() {
    return new TinyElf(true);
  }

  private void put(String path, TinyElf elf) throws IOException {
    put(path, elf.bytes());
  }

  private void put(String path, String text) throws IOException {
    put(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private interface Change {
    void in(Dir parent, Name name) throws IOException;
  }

  private void put(String path, byte[] content) throws IOException {
    change(
        path,
        (parent, name) -> {
          try (OutputFile file = parent.create(name, 0755)) {
            file.write(content, 0, content.length);
          }
        });
  }

  private void link(String path, String target) throws IOException {
    change(path, (parent, name) -> parent.symlink(name, target.getBytes(StandardCharsets.UTF_8)));
  }

  private void change(String path, Change change) throws IOException {
    TreePath place = TreePath.parse(path);
    Dir dir = files.root();
    for (Name name : place.parent().orElseThrow().names()) {
      Dir next = dir.find(name).isPresent() ? dir.open(name) : dir.makeDir(name, 0755);
      dir.close();
      dir = next;
    }
    change.in(dir, place.name());
    dir.close();
  }

  private List<String> needs(String program) throws IOException, UserException {
    try (TreeView tree = TreeView.of(root)) {
      List<String> found = new ArrayList<>();
      for (Companion each :
          ProgramClosure.of(tree, "the image", List.of(TreePath.parse(program)))) {
        String place = each.place().in(TreePath.parse("/dest")).toString();
        found.add(each.source() + (place.equals(each.source().toString()) ? "" : " as " + place));
      }
      return found;
    }
  }

  @Test
  void staticProgram_needsNothing() throws Exception {
    put("/p", elf());
    assertEquals(List.of(), needs("/p"));
  }

  @Test
  void libraries_areFoundTransitively_inTheDefaultDirectories() throws Exception {
    put("/p", elf().interpreter(LD).needed("liba.so", "libc.so.6"));
    put(LD, elf());
    put("/usr/lib/x86_64-linux-gnu/liba.so", elf().needed("libb.so", "liba.so"));
    put("/usr/lib64/libb.so", elf().needed("libc.so.6", "ld-linux-x86-64.so.2"));
    put("/lib/libc.so.6", elf());
    put("/usr/lib/libc.so.6", elf());
    assertEquals(
        List.of(LD, "/usr/lib/x86_64-linux-gnu/liba.so", "/lib/libc.so.6", "/usr/lib64/libb.so"),
        needs("/p"));
  }

  @Test
  void configuredDirectories_comeFirst() throws Exception {
    put("/p", elf().interpreter(LD).needed("liba.so"));
    put(LD, elf());
    put("/usr/lib/liba.so", elf());
    put("/opt/x/liba.so", elf());
    put("/etc/ld.so.conf", "# text\ninclude ld.so.conf.d/*.conf\n/opt/last\n");
    put("/etc/ld.so.conf.d/x.conf", "/opt/x # here\n");
    put("/etc/ld.so.conf.d/x.bak", "/nothing\n");
    assertEquals(List.of(LD, "/opt/x/liba.so"), needs("/p"));
  }

  @Test
  void includeCycle_ends() throws Exception {
    put("/p", elf().interpreter(LD).needed("liba.so"));
    put(LD, elf());
    put("/usr/lib/liba.so", elf());
    put("/etc/ld.so.conf", "include /etc/ld.so.conf\n");
    assertEquals(List.of(LD, "/usr/lib/liba.so"), needs("/p"));
  }

  @Test
  void runpath_isForTheFileItself_rpathForItsLibrariesToo() throws Exception {
    put(LD, elf());
    put("/opt/liba.so", elf().needed("libb.so"));
    put("/opt/libb.so", elf());
    put("/r", elf().interpreter(LD).rpath("/opt").needed("liba.so"));
    assertEquals(List.of(LD, "/opt/liba.so", "/opt/libb.so"), needs("/r"));
    put("/s", elf().interpreter(LD).runpath("/opt").needed("liba.so"));
    UserException e = assertThrows(UserException.class, () -> needs("/s"));
    assertEquals("\"/opt/liba.so\" needs \"libb.so\", which is not in the image", e.getMessage());
  }

  @Test
  void origin_ofTheProgram_movesWithIt() throws Exception {
    put(LD, elf());
    put("/app/bin/p", elf().interpreter(LD).runpath("$ORIGIN/../lib").needed("liba.so"));
    put("/app/lib/liba.so", elf().runpath("${ORIGIN}/deep").needed("libb.so"));
    put("/app/lib/deep/libb.so", elf());
    assertEquals(
        List.of(
            LD, "/app/lib/liba.so as /lib/liba.so", "/app/lib/deep/libb.so as /lib/deep/libb.so"),
        needs("/app/bin/p"));
  }

  @Test
  void origin_ofALibraryAtItsOwnPlace_stays() throws Exception {
    put(LD, elf());
    put("/p", elf().interpreter(LD).runpath("/opt/lib").needed("liba.so"));
    put("/opt/lib/liba.so", elf().runpath("$ORIGIN/$LIB:$ORIGIN").needed("libb.so"));
    put("/opt/lib/lib64/libb.so", elf());
    assertEquals(List.of(LD, "/opt/lib/liba.so", "/opt/lib/lib64/libb.so"), needs("/p"));
  }

  @Test
  void librariesForOtherProcessors_arePassedOver() throws Exception {
    put(LD, elf());
    put("/p", elf().interpreter(LD).runpath("/one:/two:/three").needed("liba.so"));
    put("/one/liba.so", elf().machine(183));
    put("/two/liba.so", new TinyElf(false));
    put("/three/liba.so", elf());
    assertEquals(List.of(LD, "/three/liba.so"), needs("/p"));
  }

  @Test
  void musl_hasItsOwnDirectories_andLibcInTheLoader() throws Exception {
    String ld = "/lib/ld-musl-x86_64.so.1";
    put(ld, elf());
    put("/p", elf().interpreter(ld).needed("libc.so", "liba.so"));
    put("/usr/lib/liba.so", elf().needed("libpthread.so.0", "libb.so"));
    put("/usr/local/lib/libb.so", elf());
    assertEquals(List.of(ld, "/usr/lib/liba.so", "/usr/local/lib/libb.so"), needs("/p"));
    put("/etc/ld-musl-x86_64.path", "/elsewhere\n");
    UserException e = assertThrows(UserException.class, () -> needs("/p"));
    assertEquals("\"/p\" needs \"liba.so\", which is not in the image", e.getMessage());
  }

  @Test
  void missingLoader_isNamed() throws Exception {
    put("/p", elf().interpreter(LD));
    UserException e = assertThrows(UserException.class, () -> needs("/p"));
    assertEquals("\"/p\" needs \"" + LD + "\", which is not in the image", e.getMessage());
  }

  @Test
  void script_needsItsInterpreter_andWhatThatNeeds() throws Exception {
    put(LD, elf());
    put("/usr/bin/env", elf().interpreter(LD));
    put("/usr/bin/tool", "#! /usr/bin/env -S FOO=1 python3 -u\n");
    put("/usr/local/bin/python3", elf().interpreter(LD).needed("liba.so"));
    put("/lib/liba.so", elf());
    assertEquals(
        List.of("/usr/bin/env", LD, "/usr/local/bin/python3", "/lib/liba.so"),
        needs("/usr/bin/tool"));
    put("/bad", "#!/no/sh\n");
    assertThrows(UserException.class, () -> needs("/bad"));
  }

  @Test
  void scriptThatInterpretsItself_ends() throws Exception {
    put("/s", "#!/s\n");
    assertEquals(List.of("/s"), needs("/s"));
  }

  @Test
  void links_stayInTheTree() throws Exception {
    link("/lib64", "usr/lib64");
    link("/usr/lib64/ld-linux-x86-64.so.2", "../../../../opt/ld.so");
    put("/opt/ld.so", elf());
    put("/p", elf().interpreter(LD).needed("liba.so"));
    link("/lib64/../lib/liba.so", "/../../real/liba.so.1");
    put("/real/liba.so.1", elf());
    assertEquals(List.of(LD, "/lib/liba.so"), needs("/p"));
  }
}

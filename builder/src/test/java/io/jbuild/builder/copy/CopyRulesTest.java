package io.jbuild.builder.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.instruction.ModeChange;
import io.jbuild.linux.Dir;
import io.jbuild.linux.FileStat;
import io.jbuild.linux.MemoryTree;
import io.jbuild.linux.Name;
import io.jbuild.linux.Timestamp;
import io.jbuild.linux.TreePath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of COPY, one tiny tree each. */
class CopyRulesTest {
  /** What is in the context, what is in the image, the words of COPY, the layer or the error. */
  static Stream<List<String>> cases() {
    return Stream.of(
        List.of("a", "", "a /x", "x=a"),
        List.of("a", "", "a /x/", "x/ x/a=a"),
        List.of("a", "", "/a /x/", "x/ x/a=a"),
        List.of("a", "", "../../a x", "x=a"),
        List.of("a", "", "a /p/q/x", "p/ p/q/ p/q/x=a"),
        List.of("a", "x/", "a /x", "x/ x/a=a"),
        List.of("a", "x", "a /x", "x=a"),
        List.of(
            "a",
            "x",
            "a /x/",
            "cannot copy into \"/x\": it is a regular file in the image, not a directory"),
        List.of(
            "a",
            "x",
            "a /x/y",
            "cannot copy into \"/x\": it is a regular file in the image, not a directory"),
        List.of("a b", "", "a b /x/", "x/ x/a=a x/b=b"),
        List.of(
            "a b", "", "a b /x", "cannot copy several sources to \"/x\": it is not a directory"),
        List.of("d/a@600 d/@700 e/b", "", "d e /x", "x/ x/a=d/a@600 x/b=e/b"),
        List.of("d/a f", "", "d f /x", "x/ x/a=d/a x/f=f"),
        List.of(
            "d/a f", "", "f d /x", "cannot copy several sources to \"/x\": it is not a directory"),
        List.of("a b", "x/", "a b /x", "x/ x/a=a x/b=b"),
        List.of("a.txt b.txt c", "", "*.txt /x/", "x/ x/a.txt=a.txt x/b.txt=b.txt"),
        List.of("a.txt c", "", "*.txt /x", "x=a.txt"),
        List.of(
            "a.txt b.txt",
            "",
            "*.txt /x",
            "cannot copy several sources to \"/x\": it is not a directory"),
        List.of("a", "", "*.jar /x/", ""),
        List.of("a", "", "a opt* /x/", "x/ x/a=a"),
        List.of("a", "", "b /x/", "\"/b\" is not in the build context"),
        List.of("a[1] a1", "", "a[[]1] /x/", "x/ x/a[1]=a[1]"),
        List.of("d/e/f d/g", "", "d/*/f /x/", "x/ x/f=d/e/f"),
        List.of("d/e/f f", "", "**/f /x/", ""),
        List.of("d/a d/e/b", "", "d /x", "x/ x/a=d/a x/e/ x/e/b=d/e/b"),
        List.of("d/a", "", "d/ /x/", "x/ x/a=d/a"),
        List.of("d/a@600 d/@700", "", "d /x", "x/ x/a=d/a@600"),
        List.of("d/a d/@700", "", "d /x/", "x/ x/a=d/a"),
        List.of("d/a d/@700", "x/@711,3,4", "d /x", "x/@711,3,4 x/a=d/a"),
        List.of("d/e/a d/e/@700", "x/e/@711,3,4", "d /x", "x/ x/e/@700 x/e/a=d/e/a"),
        List.of(
            "d/a",
            "x",
            "d /x",
            "cannot copy into \"/x\": it is a regular file in the image, not a directory"),
        List.of(
            "d/e/a",
            "x/e",
            "d /x",
            "cannot copy into \"/x/e\": it is a regular file in the image, not a directory"),
        List.of(
            "d/e",
            "x/e/",
            "d /x",
            "cannot copy the regular file \"/d/e\" to \"/x/e\": it is a directory in the image"),
        List.of("d/a", "", ". /x/", "x/ x/d/ x/d/a=d/a"),
        List.of("a", "w/@750,1,1", "a w/", "w/@750,1,1 w/a=a"),
        List.of("a l>a", "", "l /x/", "x/ x/l=a"),
        List.of("d/a l>d", "", "l /x/", "x/ x/a=d/a"),
        List.of("d/l>a d/a", "", "d /x/", "x/ x/a=d/a x/l>a"),
        List.of("d/a d/out>/etc/passwd", "etc/passwd", "d /x/", "x/ x/a=d/a x/out>/etc/passwd"),
        List.of("out>/etc/passwd", "", "out /x/", "\"/out\" is not in the build context"),
        List.of(
            "out>../../etc", "", "out/passwd /x/", "\"/out/passwd\" is not in the build context"),
        List.of(
            "a>b b>a",
            "",
            "a /x",
            "\"/a\" in the build context is a symbolic link that leads to itself"),
        List.of("a", "lib>usr/lib usr/lib/", "a /lib/", "usr/ usr/lib/ usr/lib/a=a"),
        List.of("a", "l>/t t=old", "a /l", "t=a"),
        List.of("a", "l>/gone", "a /l", "gone=a"),
        List.of("a", "l>../../../etc etc/", "a /l/", "etc/ etc/a=a"),
        List.of("lib/a", "lib>usr/lib usr/lib/b", ". /", "usr/ usr/lib/ usr/lib/a=lib/a"),
        List.of("d/a=1 e/a=2", "", "d e /x/", "x/ x/a=2"),
        List.of(
            "d/a e/a/b",
            "",
            "d e /x/",
            "cannot copy into \"/x/a\": it is a regular file in the image, not a directory"),
        List.of("d/a d/h#a", "", "d /x/", "x/ x/a=d/a x/h=d/a"),
        List.of("d/p|@640 d/s~", "", "d /x/", "x/ x/p|@640"),
        List.of("d/p|@640", "", "d/p /x", "x|@640"),
        List.of("d/s~", "", "d/s /x", "\"/d/s\" in the build context is a socket, not a file"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void copy_table(List<String> row) throws Exception {
    try (CopyBench bench = new CopyBench(row.get(0), row.get(1))) {
      String result;
      try {
        result = bench.copy(row.get(2));
      } catch (UserException | java.io.IOException e) {
        result = String.valueOf(e.getMessage());
      }
      assertEquals(row.get(3), result);
    }
  }

  @Test
  void workdir_isWhereARelativeDestinationBegins() throws Exception {
    try (CopyBench bench = new CopyBench("a", "w/")) {
      CopyRequest request = bench.request("a x").withWorkdir(TreePath.parse("/w"));
      assertEquals("w/ w/x=a", bench.copy(request));
      assertEquals("w/ w/a=a", bench.copy(bench.request("a .").withWorkdir(TreePath.parse("/w"))));
      assertEquals("a", bench.copy(bench.request("a ..").withWorkdir(TreePath.parse("/w"))));
    }
  }

  @Test
  void owner_isRootFromAContext_andKeptFromAStage() throws Exception {
    try (CopyBench bench = new CopyBench("d/a@640,5,6", "")) {
      assertEquals("x/ x/a=d/a@640", bench.copy("d /x/"));
      assertEquals("x/ x/a=d/a@640,5,6", bench.copy(bench.request(bench.stage, "d /x/")));
    }
  }

  @Test
  void chown_holdsForMadeParentsToo() throws Exception {
    try (CopyBench bench = new CopyBench("d/a", "p/")) {
      CopyRequest request = bench.request(bench.stage, "d /p/q/x").withOwner(new Owner(7, 8));
      assertEquals("p/ p/q/@755,7,8 p/q/x/@755,7,8 p/q/x/a=d/a@644,7,8", bench.copy(request));
    }
  }

  @Test
  void chmod_octalHoldsForMadeParents_symbolicDoesNot() throws Exception {
    try (CopyBench bench = new CopyBench("a@600 d/b@755", "")) {
      assertEquals(
          "p/@700 p/a=a@700",
          bench.copy(bench.request("a /p/").withMode(ModeChange.parse("0700"))));
      assertEquals(
          "p/ p/a=a@660", bench.copy(bench.request("a /p/").withMode(ModeChange.parse("g=u"))));
      assertEquals(
          "p/ p/b=d/b@700",
          bench.copy(bench.request("d /p").withMode(ModeChange.parse("u=rwX,go="))));
      assertEquals(
          "p/ p/a=a@4755", bench.copy(bench.request("a /p/").withMode(ModeChange.parse("4755"))));
    }
  }

  @Test
  void link_doesNotLookBelow() throws Exception {
    try (CopyBench bench = new CopyBench("d/a", "x lib>usr/lib usr/lib/")) {
      assertEquals("x/ x/a=d/a", bench.copy(bench.request("d /x").withLink()));
      assertEquals("lib/ lib/a=d/a", bench.copy(bench.request("d/a /lib/").withLink()));
    }
  }

  @Test
  void link_toNoName_isIntoTheWorkdir() throws Exception {
    try (CopyBench bench = new CopyBench("a", "w/@700")) {
      assertEquals(
          "w/ w/a=a", bench.copy(bench.request("a ").withWorkdir(TreePath.parse("/w")).withLink()));
    }
  }

  @Test
  void link_withAMode_leavesDirectoriesThatAreThere() throws Exception {
    try (CopyBench bench = new CopyBench("a", "etc/@755")) {
      CopyRequest request = bench.request("a /etc/a").withLink();
      assertEquals("etc/ etc/a=a@600", bench.copy(request.withMode(ModeChange.parse("600"))));
    }
  }

  @Test
  void parents_keepDirectories_fromThePivotOn() throws Exception {
    String[][] cases = {
      {"a/b/c /x/", "x/ x/a/@700 x/a/b/ x/a/b/c=a/b/c"},
      {"a/./b/c /x/", "x/ x/b/ x/b/c=a/b/c"},
      {"./a/b/c /x", "x/ x/a/@700 x/a/b/ x/a/b/c=a/b/c"},
      {"a/b /x/", "x/ x/a/@700 x/a/b/ x/a/b/c=a/b/c"},
      {"./a/./b/c /x/", "x/ x/b/ x/b/c=a/b/c"},
      {"a/./b/./c /x/", "x/ x/b/ x/b/c=a/b/c"},
      {"a/b/./ /x/", "x/ x/c=a/b/c"},
      {"./a/./b/c /x/", "x/ x/b/ x/b/c=a/b/c"},
      {"./a/b/./* /x/", "x/ x/c=a/b/c"},
      {"/./a/b/c /x/", "x/ x/a/@700 x/a/b/ x/a/b/c=a/b/c"},
      {"./a/./ /x/", "x/ x/b/ x/b/c=a/b/c"},
      {"**/c /x/", "x/ x/a/@700 x/a/b/ x/a/b/c=a/b/c x/c=c"},
      {"a/./**/c /x/", "x/ x/b/ x/b/c=a/b/c"},
      {"*/b/c c /x/", "x/ x/a/@700 x/a/b/ x/a/b/c=a/b/c x/c=c"},
    };
    try (CopyBench bench = new CopyBench("a/b/c a/@700 c", "")) {
      for (String[] each : cases) {
        assertEquals(each[1], bench.copy(bench.request(each[0]).withParents()), each[0]);
      }
      assertThrows(
          UserException.class, () -> bench.copy(bench.request("a/nothing /x/").withParents()));
    }
  }

  @Test
  void excludes_areRelativeToTheSource() throws Exception {
    try (CopyBench bench = new CopyBench("d/a.md d/b d/e/c.md d/e/d f.md g", "")) {
      assertEquals(
          "x/ x/b=d/b x/e/ x/e/d=d/e/d",
          bench.copy(bench.request("d /x/").withExcludes(List.of("**/*.md"))));
      assertEquals(
          "x/ x/b=d/b x/e/ x/e/c.md=d/e/c.md x/e/d=d/e/d",
          bench.copy(bench.request("d /x/").withExcludes(List.of("*.md"))));
      assertEquals(
          "x/ x/e/ x/e/d=d/e/d",
          bench.copy(bench.request("d /x/").withExcludes(List.of("*", "!e/d"))));
      assertEquals(
          "x/ x/g=g", bench.copy(bench.request("f* g* /x/").withExcludes(List.of("*.md"))));
    }
  }

  @Test
  void ignored_isNotThere() throws Exception {
    try (CopyBench bench =
        new CopyBench("src/a src/b.log node/m/n .env top", "**/*.log node .env", "")) {
      assertEquals("x/ x/src/ x/src/a=src/a x/top=top", bench.copy(". /x/"));
      UserException e = assertThrows(UserException.class, () -> bench.copy(".env /x/"));
      assertEquals("\"/.env\" is not in the build context", e.getMessage());
      assertEquals("it is there, but the ignore file excludes it", e.hint().orElseThrow());
      assertEquals("", bench.copy("**.env /x/"));
    }
  }

  @Test
  void ignored_directoryWithAnExceptionInside() throws Exception {
    try (CopyBench bench =
        new CopyBench("docs/a docs/README empty/x/y l>docs/a", "docs empty !docs/README", "")) {
      assertEquals("x/ x/docs/ x/docs/README=docs/README x/l>docs/a", bench.copy(". /x/"));
      assertThrows(UserException.class, () -> bench.copy("l /x/"));
      assertThrows(UserException.class, () -> bench.copy("empty /x/"));
      assertEquals("x/ x/README=docs/README", bench.copy("docs /x/"));
    }
  }

  @Test
  void inline_isAFileOfMode644() throws Exception {
    try (CopyBench bench = new CopyBench("", "")) {
      CopyInput text = new CopyInput.Inline("run.sh", "hi".getBytes(StandardCharsets.UTF_8));
      assertEquals("x=hi", bench.copy(CopyRequest.of(List.of(text), "/x")));
      assertEquals("x/ x/run.sh=hi", bench.copy(CopyRequest.of(List.of(text), "/x/")));
      assertEquals(
          "x/@750 x/run.sh=hi@750",
          bench.copy(CopyRequest.of(List.of(text), "/x/").withMode(ModeChange.parse("750"))));
    }
  }

  @Test
  void fetched_hasTheAttributesOfTheServer() throws Exception {
    try (CopyBench bench = new CopyBench("tmp123@644", "")) {
      CopyInput file =
          new CopyInput.Fetched(
              bench.context,
              TreePath.parse("/tmp123"),
              "a.bin",
              0600,
              Timestamp.ofSeconds(5),
              false);
      assertEquals("x/ x/a.bin=tmp123@600", bench.copy(CopyRequest.of(List.of(file), "/x/")));
    }
  }

  @Test
  void times_areTheSources_andOneForWhatIsMade() throws Exception {
    try (CopyBench bench = new CopyBench("d/a", "old/");
        MemoryTree layer = new MemoryTree();
        Dir root = layer.root()) {
      CopyInput text = new CopyInput.Inline("i", new byte[0]);
      CopyRequest request =
          CopyRequest.of(List.of(new CopyInput.Files(bench.context, "d/a"), text), "/old/new/");
      CopyBench.select(request)
          .onto(bench.image, Timestamp.ofSeconds(42))
          .write(root, warning -> {});
      try (Dir old = root.open(Name.of("old"));
          Dir made = old.open(Name.of("new"))) {
        assertEquals(Trees.TIME, old.stat().modified());
        assertEquals(42, made.stat().modified().seconds());
        assertEquals(Trees.TIME, made.stat(Name.of("a")).modified());
        assertEquals(42, made.stat(Name.of("i")).modified().seconds());
      }
    }
  }

  @Test
  void hardLinks_stayOneFile() throws Exception {
    try (CopyBench bench = new CopyBench("d/a d/b#a d/c=d/a", "");
        MemoryTree layer = new MemoryTree();
        Dir root = layer.root()) {
      CopyBench.select(bench.request("d /"))
          .onto(bench.image, Timestamp.EPOCH)
          .write(root, warning -> {});
      FileStat a = root.stat(Name.of("a"));
      assertTrue(a.isSameFile(root.stat(Name.of("b"))));
      assertTrue(!a.isSameFile(root.stat(Name.of("c"))));
      assertEquals(2, a.linkCount());
    }
  }

  @Test
  void hardLinks_namedAsTwoSources_areTwoFiles() throws Exception {
    try (CopyBench bench = new CopyBench("a b#a", "");
        MemoryTree layer = new MemoryTree();
        Dir root = layer.root()) {
      CopyBench.select(bench.request("a b /"))
          .onto(bench.image, Timestamp.EPOCH)
          .write(root, warning -> {});
      assertTrue(!root.stat(Name.of("a")).isSameFile(root.stat(Name.of("b"))));
    }
  }

  @Test
  void digest_isOfWhatTheLayerShows() throws Exception {
    String same = digest("d/a@640,1,2 d/l>a", "d /x");
    assertEquals(same, digest("d/a@640,9,9 d/l>a e", "d /y"));
    assertEquals(same, digest("e/a=d/a@640 e/l>a", "e /x"));
    assertNotEquals(same, digest("d/a@641 d/l>a", "d /x"));
    assertNotEquals(same, digest("d/a=x@640 d/l>a", "d /x"));
    assertNotEquals(same, digest("d/a@640 d/l>b", "d /x"));
    assertNotEquals(same, digest("d/b=d/a@640 d/l>a", "d /x"));
    assertNotEquals(same, digest("d/a@640 d/l>a d/e/", "d /x"));
    assertNotEquals(digest("ab", "ab /x"), digest("a=ab", "a /x"));
  }

  private static String digest(String context, String words) throws Exception {
    try (CopyBench bench = new CopyBench(context, "")) {
      return CopyBench.select(bench.request(words)).digest().toString();
    }
  }

  @Test
  void digest_withChmod_doesNotDependOnTheUmask() throws Exception {
    try (CopyBench one = new CopyBench("a@644", "");
        CopyBench two = new CopyBench("a@664", "")) {
      ModeChange mode = ModeChange.parse("644");
      assertEquals(
          CopyBench.select(one.request("a /x").withMode(mode)).digest(),
          CopyBench.select(two.request("a /x").withMode(mode)).digest());
    }
  }

  @Test
  void manifest_namesEachFile() throws Exception {
    try (CopyBench bench = new CopyBench("d/a=x d/l>a", "")) {
      assertEquals(
          "{/d=directory 0755 0:0 , /d/a=regular file 0644 0:0 1 sha256:"
              + "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, "
              + "/d/l=symlink 0777 0:0 -> a}",
          CopyBench.select(bench.request("d /")).manifest().toString());
    }
  }
}

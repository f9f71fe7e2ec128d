package io.jbuild.builder.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.UserException;
import io.jbuild.builder.git.GitReference.Mtime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitReferenceTest {
  private static final String ID = "0123456789abcdef0123456789abcdef01234567";

  private static GitReference parse(String text) throws UserException {
    return GitReference.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/foo.git, https://example.com/foo.git, '', /",
    "HTTPS://Example.com/foo.git, https://Example.com/foo.git, '', /",
    "http://example.com:8080/a/foo.git, http://example.com:8080/a/foo.git, '', /",
    "https://example.com/foo.git#deadbeef, https://example.com/foo.git, deadbeef, /",
    "https://example.com/foo.git#release/1.2, https://example.com/foo.git, release/1.2, /",
    "https://example.com/foo.git#baz/qux:quux/quuz, https://example.com/foo.git, baz/qux,"
        + " /quux/quuz",
    "https://example.com/foo.git#:myfolder, https://example.com/foo.git, '', /myfolder",
    "https://example.com/foo.git#:../../etc, https://example.com/foo.git, '', /etc",
    "https://example.com/foo.git#, https://example.com/foo.git, '', /",
    "https://example.com/foo.git?ref=v1&subdir=/sub, https://example.com/foo.git, v1, /sub",
    "https://example.com/foo.git?subdir=/s%20p#v1, https://example.com/foo.git, v1, '/s p'",
    "https://example.com/foo.git?tag=v1, https://example.com/foo.git, refs/tags/v1, /",
    "https://example.com/foo.git?tag=refs/tags/v1, https://example.com/foo.git, refs/tags/v1, /",
    "https://example.com/foo.git?branch=b&ref=refs/heads/b, https://example.com/foo.git,"
        + " refs/heads/b, /",
    "https://example.com/foo.git?ref=v1#v1, https://example.com/foo.git, v1, /",
    "https://example.com/foo.git?ref=refs/pull/1/head, https://example.com/foo.git,"
        + " refs/pull/1/head, /",
    "https://u:p@example.com/foo.git, https://example.com/foo.git, '', /",
    "https://example.com/.git, https://example.com/.git, '', /",
    "https://[::1]:80/a.git, https://[::1]:80/a.git, '', /",
    "git://example.com/foo, git://example.com/foo, '', /",
    "ssh://git@example.com:2222/foo.git#v, ssh://git@example.com:2222/foo.git, v, /",
    "git@github.com:moby/buildkit, git@github.com:moby/buildkit, '', /",
    "git@github.com:moby/buildkit.git?subdir=/s#v1, git@github.com:moby/buildkit.git, v1, /s",
    "user@host:path, user@host:path, '', /",
  })
  void parse_ofARepository(String text, String url, String ref, String subdir) throws Exception {
    GitReference reference = parse(text);
    assertEquals(url, reference.remote().url());
    assertEquals(ref, reference.ref().orElse(""));
    assertEquals(subdir, reference.subdir().toString());
    assertTrue(reference.withSubmodules());
    assertFalse(reference.keepsGitDir());
    assertEquals(Mtime.COMMIT, reference.mtime());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/",
        "https://example.com/foo",
        "https://example.com/foo.git/",
        "https://example.com/foo.git.bar",
        "https://example.com/foo?x=a.git",
        "http://github.com/docker/docker.git:#branch",
        "https://host.git",
        "github.com/moby/buildkit",
        "custom.xyz/moby/buildkit.git",
        "./.git",
        ".git",
        "../a@b:c",
        "a/b@c:d",
        "dir/",
        "ftp://host/a.git",
        "ext::sh -c id",
        "host:path",
        "",
      })
  void parse_ofSomethingElse_isEmpty(String text) throws Exception {
    assertEquals(Optional.empty(), GitReference.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///srv/repository.git",
        "FILE:///srv/repository",
        "ssh://-oProxyCommand=id/x",
        "ssh://-oProxyCommand=id@host/x",
        "-oProxyCommand@host:x",
        "git@-oProxyCommand:x",
        "git@host:-oProxyCommand=id",
        "git@host::x",
        "git@host:",
        "ssh://host",
        "ssh://user:password@host/x",
        "git://user@host/x",
        "git://host/-x",
        "https:///x.git",
        "https://ho st/x.git",
        "https://host/x y.git",
        "https://host/x\n.git",
        "https://host/\u00fc.git",
        "https://host/a\"b.git",
        "https://host:123456/a.git",
        "git@host:a b",
        "https://host/a.git#--upload-pack=id",
        "https://host/a.git#-",
        "https://host/a.git#a..b",
        "https://host/a.git#a b",
        "https://host/a.git#a~1",
        "https://host/a.git#a^{commit}",
        "https://host/a.git#@{1}",
        "https://host/a.git#a.lock",
        "https://host/a.git#a//b",
        "https://host/a.git#/a",
        "https://host/a.git#%00",
        "https://host/a.git#a%zz",
        "https://host/a.git#a*",
        "https://host/a.git?ref=",
        "https://host/a.git?ref=a&ref=b",
        "https://host/a.git?ref=a#b",
        "https://host/a.git?tag=a&branch=a",
        "https://host/a.git?ref=a&tag=a",
        "https://host/a.git?tag=-a\n",
        "https://host/a.git?subdir=a#:b",
        "https://host/a.git?subdir=%00",
        "https://host/a.git?unknown=1",
        "https://host/a.git?Ref=1",
        "https://host/a.git?checksum=xyz",
        "https://host/a.git?checksum=sha256:00",
        "https://host/a.git?checksum=00&commit=11",
        "https://host/a.git?keep-git-dir=yes",
        "https://host/a.git?submodules=2",
        "https://host/a.git?mtime=now",
        "https://host/a.git?fetch-by-commit=1",
        "https://host/a.git?fetch-by-commit&checksum=00",
      })
  void parse_ofWhatCannotBeFetched_isAnError(String text) {
    UserException error = assertThrows(UserException.class, () -> GitReference.parse(text));
    assertFalse(String.valueOf(error.getMessage()).contains("user:password"), "" + error);
  }

  @Test
  void parse_readsFlags() throws Exception {
    GitReference reference =
        parse("https://h/a.git?keep-git-dir&submodules=false&mtime=checkout&commit=0A");
    assertTrue(reference.keepsGitDir());
    assertFalse(reference.withSubmodules());
    assertEquals(Mtime.CHECKOUT, reference.mtime());
    assertEquals("0a", reference.checksum().orElseThrow());
    assertFalse(parse("https://h/a.git?keep-git-dir&subdir=x").keepsGitDir());
  }

  @Test
  void parseContext_takesTheShortFormOfGithub() throws Exception {
    GitReference reference =
        GitReference.parseContext("github.com/moby/buildkit?tag=v1#:x").orElseThrow();
    assertEquals("https://github.com/moby/buildkit", reference.remote().url());
    assertEquals("refs/tags/v1", reference.ref().orElseThrow());
    assertEquals(Optional.empty(), GitReference.parseContext("github.org/moby/buildkit"));
  }

  @Test
  void isPinned_needsTheWholeId() throws Exception {
    assertTrue(parse("https://h/a.git#" + ID).isPinned());
    assertTrue(parse("https://h/a.git?checksum=" + ID).isPinned());
    assertTrue(parse("https://h/a.git?fetch-by-commit=1&checksum=" + ID + "#main").isPinned());
    assertFalse(parse("https://h/a.git?checksum=" + ID + "#main").isPinned());
    assertFalse(parse("https://h/a.git#" + ID.substring(1)).isPinned());
    assertFalse(parse("https://h/a.git").isPinned());
  }

  @Test
  void flagsOfTheInstruction_mayNotContradict() throws Exception {
    GitReference kept = parse("https://h/a.git?keep-git-dir=true&checksum=01");
    assertTrue(kept.withKeepGitDir(true).keepsGitDir());
    assertThrows(UserException.class, () -> kept.withKeepGitDir(false));
    assertEquals("01", kept.withChecksum("01").checksum().orElseThrow());
    assertThrows(UserException.class, () -> kept.withChecksum("02"));
    assertThrows(UserException.class, () -> kept.withChecksum("sha256:02"));
  }

  @Test
  void toString_hasNoPassword() throws Exception {
    GitReference reference = parse("https://user:secret@h/a.git#main:dir");
    assertEquals("https://h/a.git#main:dir", reference.toString());
    assertFalse(reference.remote().toString().contains("secret"));
    assertEquals("https://h/a", GitReference.withoutLogin("https://u:p@h/a"));
    assertEquals("git@h:a", GitReference.withoutLogin("git@h:a"));
    assertEquals("a/b@c", GitReference.withoutLogin("a/b@c"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/a/b.git, ../c.git, https://h/a/c.git",
    "https://h/a/b.git, ./c.git, https://h/a/b.git/c.git",
    "https://h/a/b.git/, ../../c, https://h/c",
    "https://h:1/a, ../c/../d, https://h:1/c/../d",
    "git@h:a/b.git, ../c.git, git@h:a/c.git",
    "git@h:b.git, ../c.git, git@h:c.git",
    "ssh://git@h/a/b, ../../c, ssh://git@h/c",
  })
  void relative_isToTheRepositoryThatNamesIt(String base, String url, String expected)
      throws Exception {
    assertEquals(expected, Submodules.relative(base, url));
  }

  @ParameterizedTest
  @CsvSource({"https://h/a.git, ../../c", "git@h:a/b, ../../../c"})
  void relative_doesNotLeaveTheServer(String base, String url) {
    assertThrows(UserException.class, () -> Submodules.relative(base, url));
  }
}

package io.jbuild.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kind of context a text means. */
final class ContextSourceTest {
  @ParameterizedTest
  @CsvSource({
    "., Directory",
    "../x, Directory",
    "a@b, Directory",
    "sub:dir, Directory",
    "github.com/a/b, Directory",
    "docker-image://alpine, Image",
    "docker-image://scratch, Scratch",
    "oci-layout:///x/y:tag, Layout",
    "target:base, Target",
    "git@host:a/b, Git",
    "git://host/a, Git",
    "ssh://git@host/a, Git",
    "https://host/a.git, Git",
    "https://host/a.git#main:sub, Git",
    "https://host/a.git?tag=v1, Git",
    "https://host/a, Http",
    "HTTP://host/a.tar?x=.git, Http",
  })
  void parse_tellsTheKind(String text, String kind) throws Exception {
    assertEquals(kind, ContextSource.parse(text).getClass().getSimpleName());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/x",
        "docker://alpine",
        "docker-image://UPPER",
        "docker-image://",
        "https:///x",
        "http://host/a b",
      })
  void parse_whatIsNoContext_isTheUsersMistake(String text) {
    assertThrows(UserException.class, () -> ContextSource.parse(text));
  }

  @Test
  void toString_hasNoCredentials() throws Exception {
    assertEquals("https://h/a", ContextSource.parse("https://u:p@h/a?sig=x").toString());
    assertEquals(
        "https://h/a.git#main", ContextSource.parse("https://u:p@h/a.git#main").toString());
  }
}

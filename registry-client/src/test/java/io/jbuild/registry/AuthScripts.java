package io.jbuild.registry;

import java.util.List;

/** Challenges for scripted servers; their rules stand before those that are added later. */
final class AuthScripts {
  private AuthScripts() {}

  /** Everything needs the fixture's user and password. */
  static void basic(ScriptedServer server) {
    for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")) {
      server.onlyIf(
          method,
          r -> !r.header("Authorization").equals(Fixture.LOGIN.basic()),
          (r, reply) -> reply.send(401, "", "WWW-Authenticate: Basic realm=\"here\""));
    }
  }
}

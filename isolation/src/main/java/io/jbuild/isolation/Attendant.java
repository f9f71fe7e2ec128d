package io.jbuild.isolation;

import io.jbuild.linux.spawn.Child;
import io.jbuild.linux.spawn.Spawn;
import java.io.IOException;

/** Who is there when a sandbox's first process starts and when it has ended. */
interface Attendant {
  /** Where a PID namespace ends with its first process, there is nothing to do. */
  Attendant NONE =
      new Attendant() {
        @Override
        public Child start(Spawn spawn) throws IOException {
          return spawn.run();
        }

        @Override
        public void ended(int pid) {}
      };

  Child start(Spawn spawn) throws IOException;

  /** After the process was waited for, and before the end of its output is. */
  void ended(int pid) throws IOException;
}

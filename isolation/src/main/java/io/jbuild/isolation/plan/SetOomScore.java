package io.jbuild.isolation.plan;

import io.jbuild.linux.spawn.Argument.ResultOf;
import io.jbuild.linux.spawn.OnError;
import java.nio.charset.StandardCharsets;

/** Makes the kernel prefer the sandbox to its builder when memory runs out. */
public record SetOomScore(int score) implements SetupStep {
  @Override
  public void compile(Assembly out) {
    String what = "set oom_score_adj to " + score;
    ResultOf file = out.open(what, out.proc(), "1/oom_score_adj", Assembly.O_WRONLY);
    byte[] text = Integer.toString(score).getBytes(StandardCharsets.US_ASCII);
    out.write(what, OnError.FAIL, file, text);
  }
}

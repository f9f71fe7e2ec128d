package io.jbuild.builder.engine;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.UserException;
import io.jbuild.builder.extend.BuildFacts;
import io.jbuild.builder.extend.BuildfileLoader;
import io.jbuild.builder.instruction.Buildfile;
import io.jbuild.builder.plan.StageGraph;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.builder.source.Source;
import io.jbuild.oci.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a Buildfile says for each platform of a build, in their order. */
record Plan(List<Buildfile> buildfiles, List<StageGraph> graphs) {
  Plan {
    buildfiles = List.copyOf(buildfiles);
    graphs = List.copyOf(graphs);
  }

  /** Of each platform the file may be another: its IFs are decided here. */
  static Plan of(Source source, BuildRequest request)
      throws IOException, UserException, BuildfileException {
    List<Buildfile> buildfiles = new ArrayList<>();
    List<StageGraph> graphs = new ArrayList<>();
    for (Platform platform : request.platforms()) {
      BuildFacts facts = BuildFacts.of(request.forPlatform(platform));
      Buildfile buildfile = BuildfileLoader.load(source, facts);
      buildfiles.add(buildfile);
      graphs.add(
          StageGraph.of(
              buildfile, request.target(), request.buildArgs(), request.namedContexts(), platform));
    }
    return new Plan(buildfiles, graphs);
  }

  /** What holds whatever the platform. */
  StageGraph first() {
    return graphs.get(0);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.graph.JobGraphs;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.storage.Location;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import picocli.CommandLine;

/** Runs a workload from inside a Flink client or web submission; results go to {@code --output}. */
public final class ClusterSubmission {
  private ClusterSubmission() {}

  /**
   * Executes the phases one after the other.
   *
   * @param args those of {@code dlio-flink run}
   */
  public static void execute(String... args) throws Exception {
    RunCommands.Run run = new RunCommands.Run();
    List<String> words = List.of(args);
    new CommandLine(run)
        .parseArgs(
            (words.isEmpty() || !words.get(0).equals("run")
                    ? words
                    : words.subList(1, words.size()))
                .toArray(String[]::new));
    if (run.options.output == null || !isAbsolute(run.options.output)) {
      throw new UsageException(
          "A submitted job needs --output with an absolute path or URI that its task managers can"
              + " write to");
    }
    RunSpec spec = run.plan();
    for (Phase phase : run.phases()) {
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
      StreamGraph graph = phase == Phase.TRAIN ? JobGraphs.train(spec) : JobGraphs.generate(spec);
      env.execute(graph);
    }
  }

  private static boolean isAbsolute(String output) {
    Location location = Location.parse(output);
    return !location.isLocal() || location.path().startsWith("/");
  }
}

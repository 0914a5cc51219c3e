/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.graph.JobGraphs;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.metrics.RunOutcome;
import io.dlioflink.storage.Location;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.DetachedJobExecutionResult;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;

/** Runs a workload from inside a Flink client or web submission; results go to {@code --output}. */
public final class ClusterSubmission {
  private static final Set<String> COMMANDS =
      Set.of("run", "generate", "train", "verify", "checkpoint");

  private ClusterSubmission() {}

  /**
   * Executes the phases one after the other.
   *
   * @param args {@code run}, {@code generate}, {@code train}, {@code verify} or {@code checkpoint}
   *     (default: run), then the arguments of that command
   */
  public static void execute(String... args) throws Exception {
    List<String> words = List.of(args);
    RunCommands.Base run = command(words.isEmpty() ? "" : words.get(0));
    boolean named = !words.isEmpty() && COMMANDS.contains(words.get(0));
    new CommandLine(run)
        .parseArgs((named ? words.subList(1, words.size()) : words).toArray(String[]::new));
    if (run.options.output == null || !isAbsolute(run.options.output)) {
      throw new UsageException(
          "A submitted job needs --output with an absolute path or URI that its task managers can"
              + " write to");
    }
    if (!run.options.jars.isEmpty()) {
      throw new UsageException(
          "A submitted job cannot take --jar; put the classes on the class path of the job");
    }
    RunSpec spec = run.plan();
    List<Phase> phases = run.phases();
    for (Phase phase : phases) {
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
      JobExecutionResult result = env.execute(JobGraphs.of(spec, phase));
      if (result instanceof DetachedJobExecutionResult) {
        if (!phase.equals(phases.get(phases.size() - 1))) {
          throw new UsageException(
              "Submitted without waiting, only data generation was started; submit 'train' with the"
                  + " same arguments when it has finished");
        }
        return;
      }
      RunOutcome outcome =
          RunOutcome.fromJson(result.<String>getAccumulatorResult(RunOutcome.ACCUMULATOR));
      if (!outcome.valid()) {
        throw new IllegalStateException("INVALID: " + String.join("; ", outcome.reasons()));
      }
    }
  }

  private static RunCommands.Base command(String name) {
    return switch (name) {
      case "generate" -> new RunCommands.Generate();
      case "train" -> new RunCommands.Train();
      case "verify" -> new RunCommands.Verify();
      case "checkpoint" -> new RunCommands.Checkpoint();
      default -> new RunCommands.Run();
    };
  }

  private static boolean isAbsolute(String output) {
    Location location = Location.parse(output);
    return !location.isLocal() || location.path().startsWith("/");
  }
}

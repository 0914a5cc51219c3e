/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.FollowedRun;
import io.dlioflink.job.launch.RunList;
import io.dlioflink.job.launch.UsageException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Follows a run that somebody else, or somebody earlier, has submitted. */
@Command(
    name = "attach",
    description = {
      "Follows a run on a Flink cluster to its end, as the command that started it does: progress,",
      "results, verdict and exit code. Ctrl-C ends this command, not the run.",
      "Without JOB_ID: the run that is under way; if there is not exactly one, lists all."
    },
    mixinStandardHelpOptions = true)
final class AttachCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      required = true,
      description = "REST address of the Flink cluster.")
  private String cluster;

  @Option(names = "--strict-au", description = "Exit with 6 if AU is below metric.au.")
  private boolean strictAu;

  @Option(names = "--list", description = "List the runs the cluster knows, and follow none.")
  private boolean list;

  @Parameters(
      arity = "0..1",
      paramLabel = "JOB_ID",
      description = "Job of the run, as the web UI and --detached tell it.")
  private String jobId;

  /** Tells how to follow a run that has just been handed over. */
  static void announce(JobID job, URI cluster, PrintWriter out) {
    out.printf(
        "Submitted as job %s; the cluster does the rest. To follow it: bin/dlio-flink attach"
            + " --cluster %s:%d %s%n",
        job, cluster.getHost(), cluster.getPort(), job);
    out.flush();
  }

  @Override
  public Integer call() throws Exception {
    URI rest =
        RunOptions.clusterAddress(cluster)
            .orElseThrow(() -> new UsageException("--cluster: HOST:PORT is missing"));
    PrintWriter out = command.commandLine().getOut();
    RunList runs = new RunList(rest);
    String job = jobId;
    if (job == null) {
      List<RunList.Run> underWay = runs.underWay();
      if (list || underWay.size() != 1) {
        runs.print(out);
        return (list || underWay.isEmpty() ? ExitCode.OK : ExitCode.USAGE).code();
      }
      job = underWay.get(0).job();
    }
    runs.require(job);
    return new FollowedRun(rest, runs, strictAu, out, command.commandLine().getErr())
        .follow(job)
        .code();
  }
}

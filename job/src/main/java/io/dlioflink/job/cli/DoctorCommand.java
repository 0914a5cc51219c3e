/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.doctor.Doctor;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.JobRunner;
import io.dlioflink.job.launch.LocalCluster;
import io.dlioflink.job.launch.RunPlanner;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.workload.config.LoadedWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at everything a run needs, from where it would run. */
@Command(
    name = "doctor",
    description = {
      "Checks from every worker what a run needs, and says what to change: writes, reads, lists"
          + " and",
      "deletes an object of its own at each place of the workload, looks at endpoints, clocks,"
          + " disk,",
      "memory, processors and slots. Leaves nothing behind; exits with 4 if a run would fail."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private WorkloadOptions workload;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      description = "REST address of a Flink cluster (default: one inside this process).")
  private String cluster;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "Where the results of the run would go.")
  private String output;

  @Override
  public Integer call() throws Exception {
    workload.chooseUnlessGiven("default", null);
    LoadedWorkload loaded = workload.load(false);
    RunSpec spec =
        RunPlanner.plan(
            loaded,
            workload.accelerators(),
            Optional.ofNullable(output),
            BarrierEndpoint.DEFAULT,
            phases(loaded),
            Thread.currentThread().getContextClassLoader());
    PrintWriter out = command.commandLine().getOut();
    RunPlanner.notices(loaded).forEach(notice -> out.println("Notice: " + notice));
    Optional<URI> address = RunOptions.clusterAddress(cluster);
    boolean healthy;
    if (address.isPresent()) {
      healthy = examine(spec, address.get(), List.of(RunOptions.requireJobJar()));
    } else {
      try (LocalCluster local = LocalCluster.start(spec.accelerators(), 0)) {
        healthy = examine(spec, local.address(), List.of());
      }
    }
    return (healthy ? ExitCode.OK : ExitCode.STORAGE).code();
  }

  private boolean examine(RunSpec spec, URI address, List<Path> jars)
      throws IOException, InterruptedException {
    PrintWriter out = command.commandLine().getOut();
    try (JobRunner runner = new JobRunner(address, jars, out, false)) {
      return new Doctor(spec, runner, out).examine();
    }
  }

  private static Set<Phase> phases(LoadedWorkload loaded) {
    Set<Phase> phases = EnumSet.of(Phase.TRAIN);
    if (loaded.workload().workflow().generateData()) {
      phases.add(Phase.GENERATE);
    }
    if (!loaded.workload().workflow().train() && loaded.workload().workflow().checkpoint()) {
      phases.remove(Phase.TRAIN);
      phases.add(Phase.CHECKPOINT);
    }
    return phases;
  }
}

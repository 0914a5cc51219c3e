/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.WorkloadLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dlio_benchmark}: the run command with the command line of DLIO, which is Hydra's. */
@Command(
    name = "dlio_benchmark",
    description = {
      "DLIO's command: runs what the workload's workflow section says.",
      "Started by mpirun or srun, all processes are one run, one accelerator each.",
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class DlioCommand extends RunCommands.Run {
  /** Number of processes of the MPI launcher, set by {@code bin/dlio_benchmark}; 1 without one. */
  private static final int RANKS = Integer.getInteger("dlio-flink.ranks", 1);

  private static final String DEFAULT_WORKLOAD = "default";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss");

  @Mixin private HydraOptions hydra;

  private DlioCommand() {}

  /** Runs the command; the exit code is one of {@link ExitCode}. */
  public static int execute(String... args) {
    return DlioFlink.commandLine(new DlioCommand()).execute(args);
  }

  /** The command, for tests. */
  public static picocli.CommandLine commandLine() {
    return DlioFlink.commandLine(new DlioCommand());
  }

  @Override
  public Integer call() throws Exception {
    hydra.check();
    workload.chooseUnlessGiven(DEFAULT_WORKLOAD, hydra.configPath());
    if (RANKS > 1) {
      workload.requireAccelerators(RANKS);
      if (options.cluster != null) {
        throw new UsageException(
            "--cluster and an MPI launcher exclude each other: the processes of the launcher are"
                + " the cluster; leave out one of them");
      }
    }
    return hydra.printsConfiguration() ? printConfiguration() : super.call();
  }

  private int printConfiguration() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    out.println("workload:");
    WorkloadLoader.minimalYaml(loaded()).lines().forEach(line -> out.println("  " + line));
    out.flush();
    return ExitCode.OK.code();
  }

  /** {@code hydra.run.dir}, or where Hydra puts it below the working directory. */
  @Override
  Optional<String> output() throws IOException {
    LoadedWorkload loaded = loaded();
    return super.output()
        .or(loaded::outputFolder)
        .or(() -> loaded.workload().output().folder())
        .or(
            () ->
                Optional.of(
                    "hydra_log/%s/%s"
                        .formatted(
                            loaded.workload().model().name(),
                            LocalDateTime.now(ZoneId.systemDefault()).format(STAMP))));
  }

  @Override
  String generateHint() {
    return "the same command with ++workload.workflow.generate_data=True"
        + " ++workload.workflow.train=False";
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.hosts.Follower;
import io.dlioflink.job.hosts.HostsCluster;
import io.dlioflink.job.hosts.Leader;
import io.dlioflink.job.hosts.Ranks;
import io.dlioflink.job.launch.BenchmarkRun;
import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.LocalCluster;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.mlperf.Site;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import javax.annotation.Nullable;
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
  private static final String DEFAULT_WORKLOAD = "default";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss");

  @Mixin private HydraOptions hydra;

  private final Ranks ranks;
  private final @Nullable Leader leader;

  private DlioCommand(Ranks ranks, @Nullable Leader leader) {
    this.ranks = ranks;
    this.leader = leader;
  }

  /** Runs the command; the exit code is one of {@link ExitCode}, and that of all ranks. */
  public static int execute(String... args) {
    Ranks ranks = Ranks.ofThisProcess();
    Ranks.endWithLauncher();
    if (!ranks.severalHosts()) {
      return DlioFlink.commandLine(new DlioCommand(ranks, null)).execute(args);
    }
    try (Leader leader = Leader.open(ranks)) {
      int code = DlioFlink.commandLine(new DlioCommand(ranks, leader)).execute(args);
      leader.end(code);
      return code;
    } catch (IOException e) {
      return failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERRUPTED.code();
    }
  }

  /** Serves the run of another host; the exit code is that of the run. */
  public static int follow() {
    Ranks.endWithLauncher();
    try (Follower follower = Follower.join(Ranks.ofThisProcess())) {
      return follower.serve();
    } catch (EOFException e) {
      return failed(new IOException("The leader of the run is gone", e));
    } catch (IOException e) {
      return failed(e);
    }
  }

  private static int failed(IOException e) {
    PrintWriter err = commandLine().getErr();
    err.println("dlio_benchmark: " + e.getMessage());
    err.flush();
    return ExitCode.FAILURE.code();
  }

  /** The command, for tests. */
  public static picocli.CommandLine commandLine() {
    return DlioFlink.commandLine(new DlioCommand(Ranks.ofThisProcess(), null));
  }

  @Override
  public Integer call() throws Exception {
    hydra.check();
    workload.chooseUnlessGiven(DEFAULT_WORKLOAD, hydra.configPath());
    if (ranks.total() > 1) {
      workload.requireAccelerators(ranks.total());
      if (options.cluster != null) {
        throw new UsageException(
            "--cluster and an MPI launcher exclude each other: the processes of the launcher are"
                + " the cluster; leave out one of them");
      }
    }
    return hydra.printsConfiguration() ? printConfiguration() : super.call();
  }

  @Override
  ExitCode execute(BenchmarkRun run) throws IOException, InterruptedException {
    return leader == null
        ? super.execute(run)
        : run.execute(
            () -> HostsCluster.start(ranks, leader, LocalCluster.portsFrom(options.port)));
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

  /** What the other hosts are like is only known when they run. */
  @Override
  Optional<Site> site() {
    return ranks.severalHosts() ? Optional.empty() : super.site();
  }

  @Override
  Optional<String> configFolder() throws IOException {
    return loaded().hydraSubdir();
  }

  @Override
  String generateHint() {
    return "the same command with ++workload.workflow.generate_data=True"
        + " ++workload.workflow.train=False";
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.job.launch.BenchmarkRun;
import io.dlioflink.job.launch.ClusterApplication;
import io.dlioflink.job.launch.ConfigFiles;
import io.dlioflink.job.launch.DetachedRun;
import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.JobRunner;
import io.dlioflink.job.launch.MlperfCheck;
import io.dlioflink.job.launch.RunPlanner;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.WorkflowConfig;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.mlperf.Site;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands that start jobs. */
final class RunCommands {
  private RunCommands() {}

  private static String title(Phase phase) {
    return switch (phase) {
      case GENERATE -> "Generating data";
      case VERIFY -> "Verifying data";
      case TRAIN -> "Training";
      case CHECKPOINT -> "Checkpointing";
    };
  }

  private static String titles(List<Phase> phases) {
    return phases.stream().map(RunCommands::title).collect(Collectors.joining(" & "));
  }

  /** What the workflow section says. */
  private static List<Phase> phasesOf(WorkflowConfig workflow) {
    List<Phase> phases = new ArrayList<>();
    if (workflow.generateData()) {
      phases.add(Phase.GENERATE);
    }
    if (workflow.train()) {
      phases.add(Phase.TRAIN);
    }
    if (!workflow.train() && workflow.checkpoint()) {
      phases.add(Phase.CHECKPOINT);
    }
    return phases;
  }

  @Command(
      name = "run",
      description = "Runs what the workload's workflow section says: generate, train, checkpoints.",
      mixinStandardHelpOptions = true)
  static class Run extends Base {
    @Override
    List<Phase> phases(WorkflowConfig workflow) {
      List<Phase> phases = phasesOf(workflow);
      if (phases.isEmpty()) {
        throw new UsageException(
            "Nothing to do: workflow.generate_data, workflow.train and workflow.checkpoint are all"
                + " false");
      }
      return phases;
    }
  }

  @Command(
      name = "generate",
      description = "Generates the dataset, whatever the workflow section says.",
      mixinStandardHelpOptions = true)
  static final class Generate extends Base {
    @Override
    List<Phase> phases(WorkflowConfig workflow) {
      return List.of(Phase.GENERATE);
    }

    @Override
    boolean trains() {
      return false;
    }
  }

  @Command(
      name = "train",
      description = "Trains on an existing dataset, whatever the workflow section says.",
      mixinStandardHelpOptions = true)
  static final class Train extends Base {
    @Override
    List<Phase> phases(WorkflowConfig workflow) {
      return List.of(Phase.TRAIN);
    }
  }

  @Command(
      name = "checkpoint",
      description = "Writes and reads checkpoints, whatever the workflow section says.",
      mixinStandardHelpOptions = true)
  static final class Checkpoint extends Base {
    @Override
    List<Phase> phases(WorkflowConfig workflow) {
      return List.of(Phase.CHECKPOINT);
    }
  }

  @Command(
      name = "verify",
      description =
          "Reads the dataset back completely; exits with 5 if a file is not what it should be.",
      mixinStandardHelpOptions = true)
  static final class Verify extends Base {
    @Override
    List<Phase> phases(WorkflowConfig workflow) {
      return List.of(Phase.VERIFY);
    }

    @Override
    boolean trains() {
      return false;
    }
  }

  abstract static class Base implements Callable<Integer> {
    @Spec CommandSpec command;
    @Mixin WorkloadOptions workload;
    @Mixin RunOptions options;
    private LoadedWorkload loaded;
    private List<String> caps = List.of();

    abstract List<Phase> phases(WorkflowConfig workflow);

    /** Whether the workload's steps matter. */
    boolean trains() {
      return true;
    }

    /** The phases of this command for its workload. */
    List<Phase> phases() throws IOException {
      return phases(loaded().workload().workflow());
    }

    private RunSpec plan(Optional<Site> site) throws IOException {
      if (options.mlperf != null) {
        requireWorkflow(phases());
        requireOnePiece();
      }
      RunSpec spec =
          RunPlanner.plan(
              loaded(),
              workload.accelerators(),
              output(),
              options.barrier(),
              Set.copyOf(phases()),
              options.plugins());
      if (options.resume) {
        return spec.asResumable();
      }
      return options.mlperf == null
          ? spec
          : MlperfCheck.attach(options.mlperf, loaded(), site, spec);
    }

    /** MLPerf knows no run that lost a host and went on. */
    private void requireOnePiece() {
      if (options.resume) {
        throw new UsageException(
            "--mlperf: a run that was resumed breaks the rules of MLPerf; leave out --resume");
      }
    }

    /** MLPerf's rules look at the workflow section, so that has to be what is run. */
    private void requireWorkflow(List<Phase> phases) throws IOException {
      List<Phase> said = phasesOf(loaded().workload().workflow());
      if (!said.equals(phases)) {
        throw new UsageException(
            "--mlperf: %s does [%s], but the workflow section of the workload says [%s]; make the workflow section say it and use run, or leave out --mlperf"
                .formatted(command.name(), titles(phases), titles(said)));
      }
    }

    /** This host, unless a cluster is given. */
    Optional<Site> site() {
      return options.cluster == null
          ? Optional.of(new HostOptions().site(workload.accelerators()))
          : Optional.empty();
    }

    /** The result folder, if the command line says where it is. */
    Optional<String> output() throws IOException {
      return Optional.ofNullable(options.output);
    }

    /** Where in the result folder the configuration is saved; empty for nowhere. */
    Optional<String> configFolder() throws IOException {
      return Optional.of(options.configFolder);
    }

    /** How the dataset would be generated, for whoever lacks it. */
    String generateHint() {
      return "bin/dlio-flink generate "
          + (options.cluster == null ? "" : "--cluster " + options.cluster + " ")
          + workload.asTyped();
    }

    /** Runs it where this command runs. */
    ExitCode execute(BenchmarkRun run) throws IOException, InterruptedException {
      return run.execute();
    }

    final LoadedWorkload loaded() throws IOException {
      if (loaded == null) {
        loaded = workload.load(trains());
        long availableSteps =
            StepPlan.of(loaded.workload(), DatasetPart.TRAIN, workload.accelerators())
                .availableSteps();
        caps = options.caps(loaded.workload().train(), availableSteps);
        if (!caps.isEmpty()) {
          loaded = workload.load(trains(), caps);
        }
      }
      return loaded;
    }

    /** The run this command stands for, on hosts that are not known beforehand. */
    final RunSpec plan() throws IOException {
      return plan(Optional.empty());
    }

    /** The same, told of and saved, for whoever submits it by Flink's own means. */
    final RunSpec submitted(PrintWriter out) throws IOException {
      return prepare(Optional.empty(), true, out);
    }

    /**
     * Plans the run, tells what is to be known of it and saves what ran.
     *
     * @param site where it runs, as far as known
     * @param remote whether a cluster runs it, which may reach places that this process cannot
     */
    private RunSpec prepare(Optional<Site> site, boolean remote, PrintWriter out)
        throws IOException {
      List<Phase> phases = phases();
      if (!phases.contains(Phase.TRAIN)) {
        options.requireNothingOfTraining();
      }
      RunSpec planned = plan(site);
      RunSpec spec =
          phases.contains(Phase.TRAIN)
              ? options.recorded(planned, notice -> out.println("Notice: " + notice))
              : planned;
      RunPlanner.notices(loaded()).forEach(notice -> out.println("Notice: " + notice));
      if (!caps.isEmpty()) {
        out.println("Notice: the run is shortened: " + String.join(" ", caps));
      }
      if (spec.output().isLocal() && !remote) {
        System.setProperty("dlio-flink.log.file", spec.output().path() + "/flink.log");
      }
      out.printf(
          "Running dlio-flink [%s] with %d accelerator(s); results in %s%n",
          titles(phases), spec.accelerators(), spec.output());
      out.flush();
      if (configFolder().isPresent()) {
        try {
          ConfigFiles.write(loaded(), spec, configFolder().get());
        } catch (IOException e) {
          if (!remote) {
            throw e;
          }
          out.println("Notice: what ran could not be written to the results: " + e.getMessage());
        }
      }
      return spec;
    }

    @Override
    public Integer call() throws Exception {
      PrintWriter out = command.commandLine().getOut();
      Optional<URI> cluster = options.clusterAddress();
      if (options.detached && cluster.isEmpty()) {
        throw new UsageException("--detached: only a cluster can run it alone; give --cluster too");
      }
      RunSpec spec = prepare(site(), cluster.isPresent(), out);
      List<Phase> phases = phases();
      if (options.detached) {
        handOver(DetachedRun.ofAll(spec, phases, options.strictAu), cluster.get(), out);
        return ExitCode.OK.code();
      }
      BenchmarkRun run =
          new BenchmarkRun(
              spec,
              phases,
              new BenchmarkRun.Options(
                  cluster,
                  RunOptions.jobJar(),
                  options.port,
                  options.jars,
                  options.keepAlive,
                  options.strictAu,
                  generateHint()),
              out,
              command.commandLine().getErr());
      return execute(run).code();
    }

    private void handOver(DetachedRun run, URI cluster, PrintWriter out)
        throws IOException, InterruptedException {
      List<Path> jars = new ArrayList<>(List.of(RunOptions.requireJobJar()));
      jars.addAll(options.jars);
      try (JobRunner runner = new JobRunner(cluster, jars, out, false)) {
        runner.requireSlots(run.spec().accelerators());
      }
      ClusterApplication application = new ClusterApplication(cluster);
      application.start(run, new Configuration(), jars);
      application.awaitFirstJob(run);
      AttachCommand.announce(run.firstJob(), cluster, out);
    }
  }
}

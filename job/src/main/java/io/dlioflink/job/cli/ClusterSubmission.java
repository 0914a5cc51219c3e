/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.graph.JobGraphs;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.job.launch.ApplicationRun;
import io.dlioflink.job.launch.BenchmarkRun;
import io.dlioflink.job.launch.ClusterApplication;
import io.dlioflink.job.launch.DetachedRun;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.config.LoadedWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;

/**
 * The job jar as Flink's own tools run it, all phases of a run in each way: {@code flink run}, with
 * or without waiting; a jar uploaded in the web UI; an application on the job manager.
 */
public final class ClusterSubmission {
  private static final Set<String> COMMANDS =
      Set.of("run", "generate", "train", "verify", "checkpoint");

  /** Flink's name for a program that runs on the job manager. */
  private static final String ON_JOB_MANAGER = "embedded";

  private final Configuration settings;
  private final List<Path> jars;

  private ClusterSubmission(StreamExecutionEnvironment env) {
    this.settings = Configuration.fromMap(env.getConfiguration().toMap());
    this.jars =
        settings.getOptional(PipelineOptions.JARS).orElse(List.of()).stream()
            .map(jar -> Path.of(URI.create(jar)))
            .toList();
  }

  /**
   * Executes the phases one after the other, or sees to it that the cluster does.
   *
   * @param args {@code run}, {@code generate}, {@code train}, {@code verify} or {@code checkpoint}
   *     (default: run), then the arguments of that command
   */
  public static void execute(String... args) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    ClusterSubmission submission = new ClusterSubmission(env);
    Optional<DetachedRun> carried = ApplicationRun.carried();
    if (carried.isPresent()) {
      submission.executeAsApplication(carried.get());
    } else {
      submission.execute(env, List.of(args));
    }
  }

  private void executeAsApplication(DetachedRun run) throws IOException, InterruptedException {
    try {
      ApplicationRun.execute(run, jobManager(), jars);
    } finally {
      ApplicationRun.deleteJar(jars);
    }
  }

  private void execute(StreamExecutionEnvironment env, List<String> words) throws Exception {
    boolean named = !words.isEmpty() && COMMANDS.contains(words.get(0));
    RunCommands.Base command = command(named ? words.get(0) : "run");
    CommandLine line = new CommandLine(command);
    line.parseArgs((named ? words.subList(1, words.size()) : words).toArray(String[]::new));
    requireAbsoluteOutput(command);
    String target = settings.get(DeploymentOptions.TARGET);
    boolean onJobManager = ON_JOB_MANAGER.equals(target);
    if (onJobManager && !command.options.jars.isEmpty()) {
      throw new UsageException(
          "--jar: the job manager has no such file; submit with 'bin/dlio-flink run --cluster"
              + " HOST:PORT --detached', which brings it along");
    }
    List<Phase> phases = command.phases();
    if (target == null) {
      // Flink asks for the plan only, or runs everything in this process.
      for (Phase phase : phases) {
        env.execute(JobGraphs.of(command.plan(), phase));
      }
      return;
    }
    PrintWriter out = line.getOut();
    RunSpec spec = command.submitted(out);
    boolean strictAu = command.options.strictAu;
    boolean detached = !settings.get(DeploymentOptions.ATTACHED);
    if (!onJobManager && !detached) {
      follow(spec, phases, command, out, line.getErr());
    } else if (!onJobManager || !settings.contains(DeploymentOptions.ATTACHED)) {
      DetachedRun run = DetachedRun.ofAll(spec, phases, strictAu);
      if (onJobManager) {
        ApplicationRun.execute(run, jobManager(), jars);
      } else {
        handOver(run, command.options.jars, out);
      }
    } else {
      // The web UI wants to hear of a job and then no more of this program.
      JobClient first = env.executeAsync(JobGraphs.of(spec, phases.get(0)));
      try {
        DetachedRun rest = DetachedRun.begunBy(first.getJobID(), spec, phases, strictAu);
        new ClusterApplication(jobManager()).start(rest, settings, jars);
      } catch (IOException e) {
        throw new IOException(
            "Job %s was submitted, but nobody will follow it and start what comes after it"
                .formatted(first.getJobID()),
            e);
      }
    }
  }

  private void follow(
      RunSpec spec, List<Phase> phases, RunCommands.Base command, PrintWriter out, PrintWriter err)
      throws Exception {
    BenchmarkRun.Options options =
        BenchmarkRun.Options.onCluster(
            cluster(), with(command.options.jars), command.options.strictAu);
    ApplicationRun.requireSuccess(
        new BenchmarkRun(spec, phases, options, out, err).execute(), spec.output().toString());
  }

  private void handOver(DetachedRun run, List<Path> plugins, PrintWriter out) throws Exception {
    URI cluster = cluster();
    ClusterApplication application = new ClusterApplication(cluster);
    application.start(run, settings, with(plugins));
    application.awaitFirstJob(run);
    AttachCommand.announce(run.firstJob(), cluster, out);
  }

  private List<Path> with(List<Path> plugins) {
    return Stream.concat(jars.stream(), plugins.stream()).toList();
  }

  /** The REST address of the cluster that the client was told of, whatever kind it is. */
  private URI cluster() throws Exception {
    return cluster(new DefaultClusterClientServiceLoader().getClusterClientFactory(settings));
  }

  private <T> URI cluster(ClusterClientFactory<T> factory) throws Exception {
    try (ClusterDescriptor<T> descriptor = factory.createClusterDescriptor(settings);
        ClusterClient<T> client =
            descriptor.retrieve(factory.getClusterId(settings)).getClusterClient()) {
      return URI.create(client.getWebInterfaceURL());
    }
  }

  /** The REST address of the job manager this program runs on. */
  private URI jobManager() {
    return URI.create(
        "http://" + settings.get(RestOptions.ADDRESS) + ":" + settings.get(RestOptions.PORT));
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

  private static void requireAbsoluteOutput(RunCommands.Base command) throws IOException {
    LoadedWorkload loaded = command.loaded();
    boolean absolute =
        Optional.ofNullable(command.options.output)
            .or(loaded::outputFolder)
            .or(() -> loaded.workload().output().folder())
            .map(Location::parse)
            .filter(folder -> !folder.isLocal() || folder.path().startsWith("/"))
            .isPresent();
    if (!absolute) {
      throw new UsageException(
          "A submitted job needs --output with an absolute path or URI that its task managers can"
              + " write to");
    }
  }
}

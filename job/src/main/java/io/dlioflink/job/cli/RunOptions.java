/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.sink.metrics.Recording;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.source.barrier.PortRange;
import io.dlioflink.workload.TrainConfig;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javax.annotation.Nullable;
import picocli.CommandLine.Option;

/** Where and how to run. */
final class RunOptions {
  private static final int DEFAULT_REST_PORT = 8081;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Result folder (default: results/<workload>/<time>).")
  String output;

  @Option(
      names = "--port",
      paramLabel = "P",
      description =
          "First port to try for the local web UI; 0 for any (default: ${DEFAULT-VALUE}).")
  int port = DEFAULT_REST_PORT;

  @Option(names = "--keep-alive", description = "Keep the local web UI up until Ctrl-C.")
  boolean keepAlive;

  @Option(
      names = "--cluster",
      paramLabel = "HOST:PORT",
      description = "Run on a Flink cluster; paths must be the same on all its hosts.")
  String cluster;

  @Option(
      names = "--detached",
      description = "Hand the run over to --cluster and return; 'attach' follows it.")
  boolean detached;

  @Option(names = "--strict-au", description = "Exit with 6 if AU is below metric.au.")
  boolean strictAu;

  @Option(
      names = "--max-epochs",
      paramLabel = "N",
      description = "Train at most N epochs, whatever the workload says.")
  Integer maxEpochs;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description =
          "Make at most N steps in each epoch, whatever the workload says; evaluations stay whole.")
  Integer maxSteps;

  @Option(
      names = "--mlperf",
      paramLabel = "DIVISION",
      description = "Hold the run to the rules of MLPerf Storage v2.0: closed or open.")
  String mlperf;

  @Option(
      names = "--barrier-address",
      paramLabel = "HOST",
      description = "Address of the job manager for the step barrier (default: found out).")
  String barrierAddress;

  @Option(
      names = "--barrier-ports",
      paramLabel = "RANGE",
      description = "Ports of the step barrier, e.g. 50100-50110 (default: any).")
  String barrierPorts = "0";

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "Jar with the class that reader.reader_classname names; may be repeated.")
  List<Path> jars = new ArrayList<>();

  @Option(
      names = "--resume",
      description =
          "Train on when a task manager is lost: begin the epoch again that was lost, and say so in"
              + " the report.")
  boolean resume;

  @Option(
      names = "--access-log",
      description = "Record every read of a sample as CSV in <output>/access_log.")
  boolean accessLog;

  @Option(
      names = "--no-time-series",
      description = "Do not record the course of training as CSV in <output>/timeseries.")
  boolean noTimeSeries;

  @Option(
      names = "--drop-caches",
      description = "Drop page caches of all workers before each epoch and evaluation.")
  boolean dropCaches;

  @Option(
      names = "--config-folder",
      paramLabel = "NAME",
      description =
          "Folder in the result folder for config.yaml, overrides.yaml and hydra.yaml (default:"
              + " ${DEFAULT-VALUE}).")
  String configFolder = "dlio_config";

  /**
   * A run as it is to be recorded.
   *
   * @param notices takes what the user should know
   */
  RunSpec recorded(RunSpec spec, Consumer<String> notices) {
    if (dropCaches && !spec.dataset().isLocal()) {
      notices.accept("--drop-caches: %s is in no page cache".formatted(spec.dataset()));
    }
    String logLevel = System.getenv().getOrDefault("DLIO_LOG_LEVEL", "warning");
    boolean steps = List.of("info", "debug").contains(logLevel.toLowerCase(Locale.ROOT));
    return spec.withRecording(new Recording(!noTimeSeries, accessLog, steps, dropCaches));
  }

  /**
   * Refuses what only training can do, where nothing is trained.
   *
   * @throws UsageException saying what to do instead
   */
  void requireNothingOfTraining() {
    if (dropCaches) {
      throw new UsageException(
          "--drop-caches: only training drops caches, and nothing is trained here; to read"
              + " checkpoints cold, write them with checkpoint.num_checkpoints_read=0, drop the"
              + " caches, then read them with checkpoint.num_checkpoints_write=0");
    }
    if (resume) {
      throw new UsageException(
          "--resume: only training is resumed, and nothing is trained here; generation goes on by"
              + " itself when a task manager is lost, leave it out");
    }
    if (accessLog) {
      throw new UsageException(
          "--access-log: only training records reads of samples, and nothing is trained here; leave"
              + " it out, or train");
    }
  }

  /**
   * Where classes that a workload names are looked for.
   *
   * @throws UsageException if a jar is not there
   */
  ClassLoader plugins() {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      if (!Files.isRegularFile(jar)) {
        throw new UsageException("--jar: there is no file " + jar.toAbsolutePath());
      }
      try {
        urls.add(jar.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new UsageException("--jar: not a file name: " + jar);
      }
    }
    ClassLoader parent = Thread.currentThread().getContextClassLoader();
    return urls.isEmpty() ? parent : new URLClassLoader(urls.toArray(URL[]::new), parent);
  }

  Optional<URI> clusterAddress() {
    return clusterAddress(cluster);
  }

  /**
   * The REST address of a cluster.
   *
   * @param cluster as given; null for none
   */
  static Optional<URI> clusterAddress(@Nullable String cluster) {
    if (cluster == null) {
      return Optional.empty();
    }
    try {
      URI uri = URI.create(cluster.contains("://") ? cluster : "http://" + cluster);
      if (uri.getHost() != null) {
        return Optional.of(
            uri.getPort() > 0
                ? uri
                : URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + DEFAULT_REST_PORT));
      }
    } catch (IllegalArgumentException e) {
      // Reported below, with what is expected.
      throw new UsageException("--cluster: '" + cluster + "' is not HOST:PORT");
    }
    throw new UsageException("--cluster: '" + cluster + "' is not HOST:PORT");
  }

  BarrierEndpoint barrier() {
    try {
      return new BarrierEndpoint(barrierAddress, PortRange.parse(barrierPorts));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--barrier-ports: " + e.getMessage());
    }
  }

  /**
   * The overrides that keep a workload within {@code --max-epochs} and {@code --max-steps}. Where
   * the data suffice for fewer steps there is nothing to keep within.
   *
   * @param availableSteps of an epoch
   */
  List<String> caps(TrainConfig train, long availableSteps) {
    List<String> caps = new ArrayList<>();
    requirePositive("--max-epochs", maxEpochs);
    requirePositive("--max-steps", maxSteps);
    if (maxEpochs != null && train.epochs() > maxEpochs) {
      caps.add("++workload.train.epochs=" + maxEpochs);
    }
    boolean unlimited = train.totalTrainingSteps() <= 0;
    if (maxSteps != null
        && maxSteps < availableSteps
        && (unlimited || train.totalTrainingSteps() > maxSteps)) {
      caps.add("++workload.train.total_training_steps=" + maxSteps);
    }
    return caps;
  }

  private static void requirePositive(String name, Integer value) {
    if (value != null && value < 1) {
      throw new UsageException(name + ": " + value + " is not allowed; expected 1 or more");
    }
  }

  /**
   * The jar a cluster needs.
   *
   * @throws UsageException if it is not there
   */
  static Path requireJobJar() {
    return jobJar()
        .orElseThrow(
            () -> new UsageException("The job jar for the cluster was not found; build it"));
  }

  /** The jar a cluster needs, beside the class path of the distribution. */
  static Optional<Path> jobJar() {
    return Optional.ofNullable(System.getProperty("dlio-flink.job.jar"))
        .map(Path::of)
        .filter(Files::isRegularFile);
  }
}

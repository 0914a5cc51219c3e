/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.UsageException;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.source.barrier.PortRange;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  @Option(names = "--strict-au", description = "Exit with 6 if AU is below metric.au.")
  boolean strictAu;

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

  /** The jar a cluster needs, beside the class path of the distribution. */
  static Optional<Path> jobJar() {
    return Optional.ofNullable(System.getProperty("dlio-flink.job.jar"))
        .map(Path::of)
        .filter(Files::isRegularFile);
  }
}

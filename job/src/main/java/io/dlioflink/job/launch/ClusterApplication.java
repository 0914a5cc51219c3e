/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rest.FileUpload;
import org.apache.flink.runtime.rest.RestClient;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.runtime.rest.util.RestConstants;
import org.apache.flink.runtime.webmonitor.handlers.JarRunApplicationHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarRunApplicationMessageParameters;
import org.apache.flink.runtime.webmonitor.handlers.JarRunApplicationRequestBody;
import org.apache.flink.runtime.webmonitor.handlers.JarUploadHeaders;
import org.apache.flink.util.ConfigurationException;

/**
 * Hands a run over to the cluster: as an application of Flink's, whose main program runs on the job
 * manager and does there what the command line does here, one phase after the other. (An
 * application may execute one streaming job only, so it submits its jobs as any client does.)
 */
public final class ClusterApplication {
  private static final String MAIN_CLASS = "io.dlioflink.job.SubmittedJob";
  private static final int NOT_FOUND = 404;
  private static final Set<String> ENDED = Set.of("FAILED", "CANCELED", "FINISHED");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);

  private final URI rest;

  /** On the cluster with this REST address. */
  public ClusterApplication(URI rest) {
    this.rest = rest;
  }

  /**
   * Starts the application; returns when the cluster has taken it.
   *
   * @param settings for the connection, TLS for example
   * @param jars the job jar, then the user's own
   */
  public void start(DetachedRun run, Configuration settings, List<Path> jars)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("dlio-flink-");
    Path jar = folder.resolve("dlio-flink-" + run.spec().name() + ".jar");
    try {
      RunJar.write(jars, run, jar);
      RestClient client = new RestClient(settings, ForkJoinPool.commonPool());
      try {
        start(run, upload(jar, client), client);
      } finally {
        client.shutdown(CLOSE_TIMEOUT);
      }
    } catch (ExecutionException e) {
      throw refused(e.getCause());
    } catch (ConfigurationException e) {
      throw new IOException("No client for the Flink cluster at " + rest, e);
    } finally {
      Files.deleteIfExists(jar);
      Files.delete(folder);
    }
  }

  private IOException refused(Throwable cause) {
    boolean unknown =
        cause instanceof RestClientException answer
            && answer.getHttpResponseStatus().code() == NOT_FOUND;
    return new IOException(
        "The Flink cluster at %s did not take the run: %s"
            .formatted(
                rest,
                unknown
                    ? "it takes no jars; set web.submit.enable in its configuration, or run without"
                        + " --detached"
                    : cause.getMessage()),
        cause);
  }

  /** Returns what the cluster calls the jar. */
  private String upload(Path jar, RestClient client)
      throws IOException, InterruptedException, ExecutionException {
    String file =
        client
            .sendRequest(
                rest.getHost(),
                rest.getPort(),
                JarUploadHeaders.getInstance(),
                EmptyMessageParameters.getInstance(),
                EmptyRequestBody.getInstance(),
                List.of(new FileUpload(jar, RestConstants.CONTENT_TYPE_JAR)))
            .get()
            .getFilename();
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private void start(DetachedRun run, String jarId, RestClient client)
      throws IOException, InterruptedException, ExecutionException {
    JarRunApplicationMessageParameters which =
        JarRunApplicationHeaders.getInstance().getUnresolvedMessageParameters();
    which.jarIdPathParameter.resolve(jarId);
    JarRunApplicationRequestBody how =
        new JarRunApplicationRequestBody(
            MAIN_CLASS, List.of(), null, null, null, null, null, Map.of(), run.application());
    client
        .sendRequest(
            rest.getHost(), rest.getPort(), JarRunApplicationHeaders.getInstance(), which, how)
        .get();
  }

  /**
   * Waits until the first job of the run has been submitted.
   *
   * @throws IOException if the application ends without one, or does not begin
   */
  public void awaitFirstJob(DetachedRun run) throws IOException, InterruptedException {
    RestApi api = new RestApi(rest);
    String application = "/applications/" + run.application();
    long start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      if (api.find("/jobs/" + run.firstJob()).isPresent()) {
        return;
      }
      if (ENDED.contains(
          api.find(application).map(found -> found.path("status").asText()).orElse(""))) {
        throw new IOException(
            "The run ended before its first job: " + reason(api.get(application + "/exceptions")));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    throw new IOException(
        "The run did not begin within %d s; see application %s in the web UI at %s"
            .formatted(PATIENCE.toSeconds(), run.application(), rest));
  }

  /** The innermost message of what an application failed with. */
  private static String reason(JsonNode exceptions) {
    String trace = exceptions.at("/exceptionHistory/entries/0/stacktrace").asText("unknown");
    String[] causes = trace.split("\nCaused by: ");
    String innermost = causes[causes.length - 1].lines().findFirst().orElse("");
    return innermost.replaceFirst("^[\\w.$]+(Exception|Error): ", "");
  }
}

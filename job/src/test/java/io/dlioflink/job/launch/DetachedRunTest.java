/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.job.graph.JobFacts;
import io.dlioflink.job.graph.JobGraphs;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What travels with a run that nobody waits for: the run in its jar, and what its jobs tell. */
class DetachedRunTest {
  private static final List<Phase> PHASES = List.of(Phase.GENERATE, Phase.TRAIN);

  @TempDir private Path folder;

  private static RunSpec spec() throws IOException {
    return RunPlanner.plan(
        new WorkloadFiles(Optional.empty())
            .loadNamed(
                "quickstart",
                List.of("storage.storage_options.secret_access_key=MARKED"),
                true,
                OptionalInt.of(4)),
        4,
        Optional.of("/results/1"),
        BarrierEndpoint.DEFAULT,
        Set.copyOf(PHASES),
        DetachedRunTest.class.getClassLoader());
  }

  private Path jar(String name, String entry) throws IOException {
    Path file = folder.resolve(name);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry(entry));
      jar.write(7);
    }
    return file;
  }

  @Test
  void aJarCarriesTheRunAndTheJarsOfTheUser() throws Exception {
    DetachedRun run = DetachedRun.begunBy(JobID.generate(), spec(), PHASES, true);
    Path file = folder.resolve("run.jar");

    RunJar.write(List.of(jar("job.jar", "Main"), jar("reader.jar", "Reader")), run, file);

    try (URLClassLoader program =
        new URLClassLoader(
            new URL[] {file.toUri().toURL()}, DetachedRunTest.class.getClassLoader())) {
      assertThat(RunJar.read(program)).contains(run);
    }
    try (JarFile jar = new JarFile(file.toFile())) {
      assertThat(jar.getEntry("Main")).isNotNull();
      assertThat(jar.getEntry("lib/1-reader.jar")).isNotNull();
    }
  }

  @Test
  void theJobJarItselfCarriesNoRun() throws IOException {
    assertThat(RunJar.read(DetachedRunTest.class.getClassLoader())).isEmpty();
  }

  @Test
  void aJobTellsWhatItDoesAndWhatFollowsButNoSecrets() throws IOException {
    RunSpec spec = spec();
    Map<String, String> told =
        JobGraphs.of(spec, Phase.GENERATE).getExecutionConfig().getGlobalJobParameters().toMap();

    JobFacts facts = JobFacts.fromParameters(told).orElseThrow();

    assertThat(facts).isEqualTo(JobFacts.of(spec, Phase.GENERATE));
    assertThat(facts.next()).containsExactly(Phase.TRAIN);
    assertThat(facts.work()).isEqualTo(64);
    assertThat(JobFacts.of(spec, Phase.TRAIN).next()).isEmpty();
    assertThat(JobFacts.of(spec, Phase.TRAIN).work()).isEqualTo(2 * 4 * 4);
    assertThat(told.toString()).contains("/results/1").doesNotContain("MARKED");
  }

  @Test
  void aJobOfSomebodyElseIsNoneOfOurs() {
    assertThat(JobFacts.fromParameters(Map.of())).isEmpty();
    assertThat(JobFacts.fromParameters(Map.of("dlio-flink.workload", "x", "other", "y"))).isEmpty();
  }
}

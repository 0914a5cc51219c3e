/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.job.accelerator.AcceleratorMetrics;
import io.dlioflink.job.graph.JobFacts;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.source.reader.ReaderMetrics;
import io.dlioflink.storage.Location;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final String METRICS = "/jobs/1/vertices/v/subtasks/metrics";
  private static final int EPOCHS = 2;
  private static final int STEPS = 100;

  private final StringWriter printed = new StringWriter();
  private PlayedRestApi cluster;
  private Progress progress;

  @BeforeEach
  void start() throws IOException {
    cluster = new PlayedRestApi();
    cluster.answer("/jobs/1", "{\"vertices\": [{\"id\": \"v\"}]}");
    cluster.answer(
        METRICS,
        List.of(
                AcceleratorMetrics.STEPS_DONE,
                AcceleratorMetrics.EPOCH,
                AcceleratorMetrics.STEP,
                AcceleratorMetrics.AU,
                ReaderMetrics.SAMPLES,
                ReaderMetrics.STORAGE_BYTES)
            .stream()
            .map("{\"id\": \"Task.%s\"}"::formatted)
            .collect(Collectors.joining(",", "[", "]")));
    JobFacts facts =
        new JobFacts(
            "test",
            Phase.TRAIN,
            List.of(),
            1,
            Location.parse("/data"),
            Location.parse("/results"),
            "dlio.log",
            EPOCHS,
            STEPS,
            EPOCHS * STEPS,
            0,
            0);
    progress =
        new Progress(new PrintWriter(printed), true, new LiveFigures(cluster.api(), "1"), facts);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** Shows what a run looks like after so many steps of one sample. */
  private String shown(int epoch, int steps) throws InterruptedException {
    cluster.answer(
        METRICS + PlayedRestApi.ANY_QUERY,
        "["
            + String.join(
                ",",
                metric(AcceleratorMetrics.STEPS_DONE, steps),
                metric(AcceleratorMetrics.EPOCH, epoch),
                metric(AcceleratorMetrics.STEP, steps),
                metric(AcceleratorMetrics.AU, 50),
                metric(ReaderMetrics.SAMPLES, steps),
                metric(ReaderMetrics.STORAGE_BYTES, steps << 20))
            + "]");
    printed.getBuffer().setLength(0);
    progress.update();
    return printed.toString();
  }

  private static String metric(String name, long value) {
    return "{\"id\": \"Task.%s\", \"sum\": %d, \"avg\": %d, \"min\": %d}"
        .formatted(name, value, value, value);
  }

  @Test
  void ratesOfARunThatIsOlderAreThoseSinceTheFirstLook() throws Exception {
    assertThat(shown(1, 90)).isEmpty();
    assertThat(shown(1, 90))
        .contains("epoch 1/2  step 90/100  0.0 MiB/s  0.0 samples/s  AU so far 50.0 %  ETA -");
    assertThat(shown(1, 91)).doesNotContain(" 0.0 samples/s").doesNotContain("ETA -");
  }

  @Test
  void ratesOfARunThatBeganAgainAreNotNegative() throws Exception {
    shown(1, 90);
    shown(1, 95);
    assertThat(shown(1, 2)).doesNotContainPattern("-\\d").contains("ETA -");
    assertThat(shown(1, 3)).as("the steps of ended epochs are not known").contains("ETA -");
  }
}

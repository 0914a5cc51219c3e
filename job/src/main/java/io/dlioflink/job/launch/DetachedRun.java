/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.common.ApplicationID;
import org.apache.flink.api.common.JobID;

/**
 * A run, or what is left of it, that the cluster carries out while nobody follows it.
 *
 * @param spec the run
 * @param phases what is left of it
 * @param firstJob of these phases; it may have been submitted already
 * @param strictAu whether an AU below {@code metric.au} fails the run
 * @param application of Flink's that carries it out
 */
public record DetachedRun(
    RunSpec spec, List<Phase> phases, JobID firstJob, boolean strictAu, ApplicationID application)
    implements Serializable {

  public DetachedRun {
    phases = List.copyOf(phases);
  }

  /** A run of which nothing has begun. */
  public static DetachedRun ofAll(RunSpec spec, List<Phase> phases, boolean strictAu) {
    return begunBy(JobID.generate(), spec, phases, strictAu);
  }

  /** A run whose first phase has been submitted as a job. */
  public static DetachedRun begunBy(JobID job, RunSpec spec, List<Phase> phases, boolean strictAu) {
    return new DetachedRun(spec, phases, job, strictAu, ApplicationID.generate());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import io.dlioflink.sink.metrics.TextAccumulator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Checks the worker that it runs in, once, and publishes what it found as an accumulator. */
final class DoctorFunction extends RichMapFunction<Long, Long> {
  private static final long serialVersionUID = 1L;

  /** Names of the accumulators begin so. */
  static final String REPORT = "doctor ";

  /** Jobs that have been checked in this process. */
  private static final Set<String> CHECKED = ConcurrentHashMap.newKeySet();

  private final DoctorSpec spec;
  private final int slotsPerWorker;
  private transient boolean first;

  DoctorFunction(DoctorSpec spec, int slotsPerWorker) {
    this.spec = spec;
    this.slotsPerWorker = slotsPerWorker;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    first = CHECKED.add(job());
    if (!first) {
      return;
    }
    TextAccumulator report = new TextAccumulator();
    int accelerators = Math.min(spec.accelerators(), slotsPerWorker);
    report.add(new WorkerChecks(spec, accelerators).run().toJson());
    getRuntimeContext()
        .addAccumulator(REPORT + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(), report);
  }

  private String job() {
    return getRuntimeContext().getJobInfo().getJobId().toString();
  }

  @Override
  public void close() {
    if (first) {
      CHECKED.remove(job());
    }
  }

  @Override
  public Long map(Long value) {
    return value;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.job.launch.JobRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * Looks from every worker at the places of a workload before it runs: a job with a task in each
 * free slot of the cluster, of which one in each process does the checks.
 */
public final class Doctor {
  private final DoctorSpec spec;
  private final String name;
  private final JobRunner runner;
  private final PrintWriter out;

  /** A doctor for a run. */
  public Doctor(RunSpec run, JobRunner runner, PrintWriter out) {
    this.spec = DoctorSpec.of(run);
    this.name = run.name();
    this.runner = runner;
    this.out = out;
  }

  /**
   * Checks everything and prints a table for each worker.
   *
   * @return whether a run would work
   */
  public boolean examine() throws IOException, InterruptedException {
    JobRunner.Slots slots = runner.awaitSlots(spec.accelerators());
    Finding enough = slots(slots);
    print("Flink cluster", List.of(enough));
    boolean healthy = enough.status() != Finding.Status.FAILED;
    if (slots.free() > 0) {
      List<WorkerReport> workers = workers(slots);
      for (WorkerReport worker : workers) {
        print("%s (process %d)".formatted(worker.host(), worker.process()), worker.findings());
        healthy &= !worker.failed();
      }
      if (workers.size() < slots.workers()) {
        out.printf(
            "%d of %d workers were looked at: the others have no free slot%n",
            workers.size(), slots.workers());
      }
    }
    out.println(healthy ? "All is well" : "A run would fail: change what is marked FAILED");
    out.flush();
    return healthy;
  }

  private Finding slots(JobRunner.Slots slots) {
    String detail =
        "%d free of %d on %d workers, for %d accelerators"
            .formatted(slots.free(), slots.total(), slots.workers(), spec.accelerators());
    return slots.free() < spec.accelerators()
        ? Finding.failed(
            "slots",
            detail,
            "start more task managers, raise taskmanager.numberOfTaskSlots, or wait for other jobs")
        : Finding.ok("slots", detail);
  }

  private List<WorkerReport> workers(JobRunner.Slots slots)
      throws IOException, InterruptedException {
    List<WorkerReport> workers = new ArrayList<>();
    for (String text : runner.texts(job(slots), DoctorFunction.REPORT)) {
      workers.add(WorkerReport.fromJson(text));
    }
    workers.sort(Comparator.comparing(WorkerReport::host).thenComparingLong(WorkerReport::process));
    return workers;
  }

  private StreamGraph job(JobRunner.Slots slots) {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    env.setParallelism(slots.free());
    int slotsPerWorker = (slots.total() + slots.workers() - 1) / Math.max(1, slots.workers());
    env.fromSequence(1, slots.free())
        .map(new DoctorFunction(spec, slotsPerWorker))
        .name("Doctor")
        .sinkTo(new DiscardingSink<>());
    StreamGraph graph = env.getStreamGraph();
    graph.setJobName("dlio-flink doctor " + name);
    return graph;
  }

  private void print(String title, List<Finding> findings) {
    out.println(title);
    int width = findings.stream().mapToInt(finding -> finding.check().length()).max().orElse(0);
    for (Finding finding : findings) {
      out.printf(
          "  %-" + Math.max(1, width) + "s  %-7s  %s%n",
          finding.check(),
          finding.status().word(),
          finding.detail());
      if (!finding.remedy().isEmpty()) {
        out.printf("    -> %s%n", finding.remedy());
      }
    }
    out.flush();
  }
}

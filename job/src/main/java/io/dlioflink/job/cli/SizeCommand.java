/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.RunPlanner;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.sink.metrics.Sizes;
import io.dlioflink.source.reader.SampleReaderOperator;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.ModelConfig;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.WorkflowConfig;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.mlperf.CheckpointFootprint;
import io.dlioflink.workload.mlperf.DatasetRequirement;
import io.dlioflink.workload.mlperf.PublishedWorkloads;
import io.dlioflink.workload.mlperf.Site;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says how large things are, and how large they should be. */
@Command(
    name = "size",
    description = {
      "Prints files, bytes, steps and memory of a workload for N accelerators,",
      "and what MLPerf Storage would ask of its dataset or of the memory of the hosts."
    },
    mixinStandardHelpOptions = true)
final class SizeCommand implements Callable<Integer> {
  private static final long MAX_FILES_ADDED_UP = 10_000_000;

  @Spec private CommandSpec command;
  @Mixin private WorkloadOptions options;
  @Mixin private HostOptions hosts;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = command.commandLine().getOut();
    boolean given = command.commandLine().getParseResult().hasMatchedOption("--accelerators");
    LoadedWorkload loaded = options.load(given);
    Workload workload = loaded.workload();
    WorkflowConfig workflow = workload.workflow();
    if (workflow.checkpoint() && !workflow.train()) {
      checkpoint(out, workload, given ? options.accelerators() : wholeJob(loaded));
    }
    if (workflow.train() || workflow.generateData()) {
      int accelerators = options.accelerators();
      for (DatasetPart part : DatasetPart.values()) {
        if (workload.dataset().numFiles(part) > 0) {
          part(out, workload, part, accelerators);
        }
      }
      memory(out, workload, accelerators);
      requirement(out, workload, accelerators);
    }
    out.flush();
    return ExitCode.OK.code();
  }

  private static int wholeJob(LoadedWorkload loaded) {
    ModelConfig.Parallelism parallelism = loaded.workload().model().parallelism();
    return PublishedWorkloads.candidates(loaded.name(), loaded.workload()).stream()
        .flatMap(name -> PublishedWorkloads.closedProcesses(name).stream())
        .findFirst()
        .orElse(parallelism.tensor() * parallelism.pipeline() * Math.max(1, parallelism.data()));
  }

  private void checkpoint(PrintWriter out, Workload workload, int ranks) {
    Site site = hosts.site(ranks);
    CheckpointFootprint footprint;
    try {
      footprint = CheckpointFootprint.of(workload, site);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--accelerators: " + e.getMessage());
    }
    ModelConfig.Parallelism parallelism = workload.model().parallelism();
    out.printf(
        "checkpoint: %d rank(s), tensor %d x pipeline %d, ZeRO %d, mode %s; %d parameters%n",
        ranks,
        parallelism.tensor(),
        parallelism.pipeline(),
        parallelism.zeroStage(),
        workload.checkpoint().mode().yamlName(),
        footprint.parameters());
    long total = footprint.sizes().payloadBytes();
    out.printf(
        "  %d files, %d bytes (%s) of tensors: model %s, optimizer %s%n",
        footprint.sizes().files(),
        total,
        Sizes.bytes(total),
        Sizes.bytes(footprint.sizes().dlioModelBytes()),
        Sizes.bytes(footprint.sizes().dlioOptimizerBytes()));
    out.printf(
        "  per rank %s to %s%n",
        Sizes.bytes(footprint.smallestRankBytes()), Sizes.bytes(footprint.largestRankBytes()));
    int writes = Math.max(0, workload.checkpoint().numCheckpointsWrite());
    out.printf(
        "  on storage %s after %d checkpoint(s)%n", Sizes.bytes((double) writes * total), writes);
    long host = Collections.max(footprint.hostBytes());
    out.printf(
        "  per host %s of %s: %s%n",
        Sizes.bytes(host),
        hosts.describe(),
        footprint.fits(site)
            ? "memory holds it"
            : "memory does not hold it, as MLPerf Storage and DLIO ask (dlio-flink needs no such"
                + " memory)");
  }

  private void requirement(PrintWriter out, Workload workload, int accelerators) {
    int batch = workload.reader().batchSize();
    boolean steps = workload.workflow().train();
    DatasetRequirement required =
        DatasetRequirement.of(
            workload.dataset(),
            batch,
            steps ? accelerators : 0,
            hosts.site(accelerators).memoryBytes());
    out.printf("MLPerf Storage asks of %d accelerator(s) on %s:%n", accelerators, hosts.describe());
    out.printf(
        "  %d files make %d x memory%n",
        required.filesByMemory(), DatasetRequirement.MEMORY_FACTOR);
    if (steps) {
      out.printf(
          "  %d files make %d steps of batch %d x %d accelerators%n",
          required.filesBySteps(), DatasetRequirement.MIN_STEPS, batch, accelerators);
    } else {
      out.println("  (nothing is trained here: ask again with the workload that trains)");
    }
    long files = required.files();
    out.printf(
        "  %d files are required, by %s: %s on disk; this workload has %d%n",
        files,
        required.isByMemory() ? "memory" : "steps",
        Sizes.bytes(required.bytes()),
        workload.dataset().numFilesTrain());
    long stepsOfFiles = files * workload.dataset().numSamplesPerFile() / batch / accelerators;
    if (steps && stepsOfFiles < DatasetRequirement.MIN_STEPS) {
      out.printf("  (%d steps: MLPerf's harness rounds down, and so do we)%n", stepsOfFiles);
    }
    String overrides = " ++workload.dataset.num_files_train=" + files;
    if (required.subfolders() > 0) {
      out.printf("  sub-folders: %d, for at most 10000 files in each%n", required.subfolders());
      overrides += " ++workload.dataset.num_subfolders_train=" + required.subfolders();
    }
    out.println("  bin/dlio-flink generate " + options.asTyped() + overrides);
  }

  private static void part(PrintWriter out, Workload workload, DatasetPart part, int accelerators) {
    DatasetConfig dataset = workload.dataset();
    StepPlan plan = StepPlan.of(workload, part, accelerators);
    out.printf(
        "%s: %d files of %d sample(s), %s%n",
        part.folder(), plan.files(), plan.samplesPerFile(), bytes(dataset, part));
    if (part == DatasetPart.TRAIN && !workload.workflow().train()) {
      return;
    }
    out.printf(
        "  %d steps per pass and accelerator (batch %d x %d accelerators), %d samples left out%n",
        plan.steps(), plan.batchSize(), accelerators, plan.leftOutSamples());
  }

  private static String bytes(DatasetConfig dataset, DatasetPart part) {
    long files = dataset.numFiles(part);
    if (files > MAX_FILES_ADDED_UP) {
      return "about "
          + Sizes.bytes(files * dataset.recordLengthBytes() * dataset.numSamplesPerFile());
    }
    SampleShapes shapes = SampleShapes.of(dataset);
    DatasetLayout layout = DatasetLayout.of(dataset);
    Optional<SampleFormat> format = SampleFormats.find(dataset.format());
    long payload = 0;
    long length = 0;
    boolean exact = format.isPresent();
    for (long i = 0; i < files; i++) {
      FileSpec spec = FileSpec.of(dataset, shapes, layout.fileNumber(part, i));
      payload += spec.payloadBytes();
      if (exact) {
        OptionalLong fileLength = format.get().fileLengthBytes(spec);
        exact = fileLength.isPresent();
        length += fileLength.orElse(0);
      }
    }
    return exact
        ? "%d bytes (%s) on storage, %d bytes of samples"
            .formatted(length, Sizes.bytes(length), payload)
        : "%d bytes (%s) of samples".formatted(payload, Sizes.bytes(payload));
  }

  private static void memory(PrintWriter out, Workload workload, int accelerators) {
    ReaderConfig reader = workload.reader();
    int threads = Math.max(1, reader.readThreads());
    long direct =
        (long) accelerators
            * threads
            * (SampleReaderOperator.chunkBytes(workload, RunPlanner.dataset(workload))
                + 128 * 1024);
    out.printf(
        "memory: %s of direct buffers for %d accelerator(s) x %d read thread(s), whatever the"
            + " size of the samples%n",
        Sizes.bytes(direct), accelerators, threads);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.RunPlanner;
import io.dlioflink.job.launch.WorkloadFiles;
import io.dlioflink.sink.metrics.Sizes;
import io.dlioflink.source.reader.SampleReaderOperator;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.ReaderConfig;
import io.dlioflink.workload.SampleShapes;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.Setting;
import io.dlioflink.workload.config.WorkloadException;
import io.dlioflink.workload.config.WorkloadLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that look at workloads without running them. */
final class InspectCommands {
  private InspectCommands() {}

  @Command(
      name = "validate",
      description = "Checks workload files and prints problems, notices and a minimal equivalent.",
      mixinStandardHelpOptions = true)
  static final class Validate implements Callable<Integer> {
    @Spec private CommandSpec command;

    @Option(names = "--strict", description = "Unknown keys are errors.")
    private boolean strict;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Workload files.")
    private List<Path> files;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = command.commandLine().getOut();
      ExitCode code = ExitCode.OK;
      for (Path file : files) {
        try {
          LoadedWorkload loaded =
              new WorkloadFiles(Optional.empty())
                  .loadFile(file, List.of(), strict, OptionalInt.empty());
          out.println(file + ": valid");
          RunPlanner.notices(loaded).forEach(notice -> out.println("  notice: " + notice));
          out.println("  minimal equivalent:");
          WorkloadLoader.minimalYaml(loaded).lines().forEach(line -> out.println("    " + line));
        } catch (WorkloadException e) {
          code = ExitCode.USAGE;
          out.println(file + ": INVALID");
          e.problems().forEach(problem -> out.println("  error: " + problem));
        }
      }
      out.flush();
      return code.code();
    }
  }

  @Command(
      name = "show",
      description = "Prints every effective value with its origin.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec command;
    @Mixin private WorkloadOptions workload;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = command.commandLine().getOut();
      LoadedWorkload loaded = workload.load();
      for (Setting setting : loaded.settings()) {
        out.printf("%-48s %-24s %s%n", setting.key(), setting.value(), setting.origin());
      }
      RunPlanner.notices(loaded).forEach(notice -> out.println("Notice: " + notice));
      out.flush();
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "list",
      description = "Lists the workloads that workload=NAME knows.",
      mixinStandardHelpOptions = true)
  static final class ListWorkloads implements Callable<Integer> {
    @Spec private CommandSpec command;

    @Option(
        names = "--config-dir",
        paramLabel = "DIR",
        description = "Folder with workload/NAME.yaml.")
    private Path configDir;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = command.commandLine().getOut();
      new WorkloadFiles(Optional.ofNullable(configDir)).names().forEach(out::println);
      out.flush();
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "size",
      description = "Prints files, bytes, steps and memory of a workload for N accelerators.",
      mixinStandardHelpOptions = true)
  static final class Size implements Callable<Integer> {
    private static final long MAX_FILES_ADDED_UP = 10_000_000;

    @Spec private CommandSpec command;
    @Mixin private WorkloadOptions options;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = command.commandLine().getOut();
      Workload workload = options.load().workload();
      int accelerators = options.accelerators();
      for (DatasetPart part : DatasetPart.values()) {
        if (workload.dataset().numFiles(part) > 0) {
          part(out, workload, part, accelerators);
        }
      }
      memory(out, workload, accelerators);
      out.flush();
      return ExitCode.OK.code();
    }

    private static void part(
        PrintWriter out, Workload workload, DatasetPart part, int accelerators) {
      DatasetConfig dataset = workload.dataset();
      StepPlan plan = StepPlan.of(workload, part, accelerators);
      out.printf(
          "%s: %d files of %d sample(s), %s%n",
          part.folder(), plan.files(), plan.samplesPerFile(), bytes(dataset, part));
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
          (long) accelerators * threads * (SampleReaderOperator.chunkBytes(reader) + 128 * 1024);
      out.printf(
          "memory: %s of direct buffers for %d accelerator(s) x %d read thread(s), whatever the"
              + " size of the samples%n",
          Sizes.bytes(direct), accelerators, threads);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.MlperfCheck;
import io.dlioflink.job.launch.RunPlanner;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.job.launch.WorkloadFiles;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.WorkloadException;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.mlperf.MlperfVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks workloads without running them. */
@Command(
    name = "validate",
    description = {
      "Checks workload files and prints problems, notices and a minimal equivalent,",
      "or with --mlperf what MLPerf Storage says."
    },
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  private static final String WORKLOAD = "workload=";

  @Spec private CommandSpec command;
  @Mixin private HostOptions hosts;

  @Option(names = "--strict", description = "Unknown keys are errors.")
  private boolean strict;

  @Option(
      names = "--config-dir",
      paramLabel = "DIR",
      description = "Folder with workload/NAME.yaml for workload=NAME.")
  private Path configDir;

  @Option(
      names = "--mlperf",
      paramLabel = "DIVISION",
      description = "Check by the rules of MLPerf Storage v2.0: closed or open.")
  private String division;

  @Option(
      names = {"-n", "--accelerators"},
      paramLabel = "N",
      description = "Simulated accelerators; rules about numbers and sizes need them.")
  private Integer accelerators;

  @Parameters(
      paramLabel = "FILE|workload=NAME|OVERRIDE",
      arity = "1..*",
      description = "Workload files or names, and overrides for all of them.")
  private List<String> arguments;

  @Override
  public Integer call() throws Exception {
    if (accelerators != null && accelerators < 1) {
      throw new UsageException(
          "--accelerators: " + accelerators + " is not allowed; expected 1 or more");
    }
    List<String> overrides = new ArrayList<>();
    List<String> workloads = new ArrayList<>();
    for (String argument : arguments) {
      boolean override =
          !argument.startsWith(WORKLOAD)
              && (argument.startsWith("~") || argument.contains("="))
              && !Files.exists(Path.of(argument));
      (override ? overrides : workloads).add(argument);
    }
    if (workloads.isEmpty()) {
      throw new UsageException("Which workload? Give FILE or workload=NAME");
    }
    PrintWriter out = command.commandLine().getOut();
    boolean good = true;
    for (String workload : workloads) {
      good &= check(out, workload, overrides);
    }
    out.flush();
    return (good ? ExitCode.OK : ExitCode.USAGE).code();
  }

  private boolean check(PrintWriter out, String workload, List<String> overrides)
      throws IOException {
    LoadedWorkload loaded;
    try {
      loaded = load(workload, overrides);
    } catch (WorkloadException e) {
      out.println(workload + ": INVALID");
      e.problems().forEach(problem -> out.println("  error: " + problem));
      return false;
    }
    out.println(workload + ": valid");
    RunPlanner.notices(loaded).forEach(notice -> out.println("  notice: " + notice));
    RunPlanner.refusals(loaded, accelerators == null ? 1 : accelerators)
        .forEach(refusal -> out.println("  cannot run: " + refusal));
    if (division != null) {
      MlperfVerdict verdict =
          MlperfCheck.verdict(
              MlperfCheck.request(division, loaded),
              loaded,
              Optional.ofNullable(accelerators).map(hosts::site));
      verdict.lines().forEach(line -> out.println("  " + line));
      if (accelerators == null) {
        out.println("  Without --accelerators, rules about numbers and sizes were not applied");
      } else {
        out.printf("  Assumed: %d accelerator(s) on %s%n", accelerators, hosts.describe());
      }
      return verdict.isMet();
    }
    out.println("  minimal equivalent:");
    WorkloadLoader.minimalYaml(loaded).lines().forEach(line -> out.println("    " + line));
    return true;
  }

  private LoadedWorkload load(String workload, List<String> overrides) throws IOException {
    WorkloadFiles files = new WorkloadFiles(Optional.ofNullable(configDir));
    OptionalInt ranks = accelerators == null ? OptionalInt.empty() : OptionalInt.of(accelerators);
    return workload.startsWith(WORKLOAD)
        ? files.loadNamed(workload.substring(WORKLOAD.length()), overrides, strict, ranks)
        : files.loadFile(Path.of(workload), overrides, strict, ranks);
  }
}

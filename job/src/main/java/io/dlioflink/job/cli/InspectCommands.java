/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.RunPlanner;
import io.dlioflink.job.launch.WorkloadFiles;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.Setting;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands that look at workloads without running them. */
final class InspectCommands {
  private InspectCommands() {}

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
}

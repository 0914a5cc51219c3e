/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.job.launch.UsageException;
import io.dlioflink.storage.StorageException;
import io.dlioflink.workload.config.WorkloadException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The command line. */
@Command(
    name = "dlio-flink",
    description = "Measures storage under DLIO's AI training workloads, as Apache Flink jobs.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommands.Run.class,
      RunCommands.Generate.class,
      RunCommands.Train.class,
      RunCommands.Verify.class,
      RunCommands.Checkpoint.class,
      AttachCommand.class,
      DoctorCommand.class,
      ValidateCommand.class,
      InspectCommands.Show.class,
      SizeCommand.class,
      InspectCommands.ListWorkloads.class,
    })
public final class DlioFlink {
  private DlioFlink() {}

  /** Runs a command; the exit code is one of {@link ExitCode}. */
  public static int execute(String... args) {
    return commandLine().execute(args);
  }

  /** The parser, for tests and documentation. */
  public static CommandLine commandLine() {
    return commandLine(new DlioFlink());
  }

  /** A command that behaves as all of them do: exit codes, error messages, arguments. */
  static CommandLine commandLine(Object command) {
    CommandLine commandLine = new CommandLine(command);
    Map<String, String> codes = new LinkedHashMap<>();
    Arrays.stream(ExitCode.values())
        .forEach(code -> codes.put(String.valueOf(code.code()), code.meaning()));
    commandLine.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    commandLine.getCommandSpec().usageMessage().exitCodeList(codes);
    commandLine.setExecutionExceptionHandler(DlioFlink::explain);
    commandLine.setUnmatchedOptionsArePositionalParams(false);
    commandLine.setExpandAtFiles(false);
    return commandLine;
  }

  private static int explain(Exception failure, CommandLine commandLine, ParseResult parsed)
      throws Exception {
    PrintWriter err = commandLine.getErr();
    if (failure instanceof WorkloadException || failure instanceof UsageException) {
      err.println(failure.getMessage());
      err.flush();
      return ExitCode.USAGE.code();
    }
    if (failure instanceof StorageException) {
      err.println(failure.getMessage());
      err.flush();
      return ExitCode.STORAGE.code();
    }
    if (failure instanceof IOException) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        err.println((cause == failure ? "" : "  caused by: ") + cause.getMessage());
      }
      err.flush();
      return ExitCode.FAILURE.code();
    }
    throw failure;
  }
}

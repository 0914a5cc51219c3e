/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import io.dlioflink.job.cli.DlioFlink;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One call of the command line inside the test's process. */
public record CommandLineRun(int exitCode, String out, String err) {

  public static CommandLineRun of(String... args) {
    return of(DlioFlink.commandLine(), args);
  }

  static CommandLineRun of(CommandLine commandLine, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    int code = commandLine.execute(args);
    return new CommandLineRun(code, out.toString(), err.toString());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import java.io.PrintWriter;
import java.io.Writer;
import org.slf4j.Logger;

/** A console where there is none: whole lines go to a log. Not thread-safe by itself. */
final class LogLines extends Writer {
  private final Logger log;
  private final StringBuilder line = new StringBuilder();

  private LogLines(Logger log) {
    this.log = log;
  }

  /** A writer of lines to a log. */
  static PrintWriter to(Logger log) {
    return new PrintWriter(new LogLines(log));
  }

  @Override
  public void write(char[] text, int start, int length) {
    for (int i = start; i < start + length; i++) {
      if (text[i] == '\n') {
        log.info("{}", line.toString().stripTrailing());
        line.setLength(0);
      } else {
        line.append(text[i]);
      }
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

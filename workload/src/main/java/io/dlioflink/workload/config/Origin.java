/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.io.Serializable;

/** Where the value of a setting comes from; {@code toString} is for people. */
public sealed interface Origin extends Serializable {

  /** The value nobody set. */
  static Origin ofDefault() {
    return new Default();
  }

  /** DLIO's default, or ours for our own keys. */
  record Default() implements Origin {
    @Override
    public String toString() {
      return "default";
    }
  }

  /**
   * A line of a workload file.
   *
   * @param source name of the file
   * @param line counted from 1
   */
  record FileLine(String source, int line) implements Origin {
    @Override
    public String toString() {
      return source + ":" + line;
    }
  }

  /**
   * A command line override.
   *
   * @param text as given, secrets masked
   */
  record CommandLine(String text) implements Origin {
    @Override
    public String toString() {
      return "override '" + text + "'";
    }
  }
}

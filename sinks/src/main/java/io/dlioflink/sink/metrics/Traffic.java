/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.util.Locale;

/** What requests to a network storage are for. */
public enum Traffic {
  /** Reading, writing or checking a dataset. */
  DATASET,
  /** Writing and reading checkpoints. */
  CHECKPOINTS;

  /** As it stands in reports. */
  String reportName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.util.Locale;

/** A part of a step whose time is measured. The order is that of a step. */
public enum Stage {
  /** The storage's open, per file. */
  STORAGE_OPEN("file"),
  /** From the start of the open until the first bytes are there, per file. */
  FIRST_BYTE("file"),
  /** The storage's reads, per sample. */
  STORAGE_READ("sample"),
  /** All calls of the storage from open to close, per sample. */
  STORAGE("sample"),
  /** Checking and decoding, per sample. */
  DECODE("sample"),
  /** The accelerator's wait for its batch (DLIO: {@code load}). */
  BATCH_WAIT("step"),
  /** Emulated compute as it really took. */
  COMPUTE("step"),
  /** Waiting for the other ranks. */
  BARRIER("step"),
  /** From the end of the step before to the end of this one: wait, compute and barrier. */
  STEP("step");

  private final String unit;

  Stage(String unit) {
    this.unit = unit;
  }

  /** What is counted: file, sample or step. */
  String per() {
    return unit;
  }

  /** As it stands in reports. */
  String reportName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

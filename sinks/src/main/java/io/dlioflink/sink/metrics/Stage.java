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
  /** Making a connection to a network storage, TLS included, per connection. */
  CONNECT("connection"),
  /** From the first byte of a request sent to the first of its answer, per attempt. */
  REQUEST_FIRST_BYTE("request"),
  /** From the first byte of a body to its last, per transfer. */
  BODY("transfer"),
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

  /** Whether only storages that are reached over a network have it. */
  boolean ofNetwork() {
    return this == CONNECT || this == REQUEST_FIRST_BYTE || this == BODY;
  }

  /** What is counted, e.g. file, sample or step. */
  String per() {
    return unit;
  }

  /** As it stands in reports. */
  String reportName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

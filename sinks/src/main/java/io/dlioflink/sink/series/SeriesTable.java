/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import java.util.Locale;

/**
 * The tables a run leaves of its course, as CSV: name and columns. Columns without a unit in their
 * name are counts, names, or ISO 8601 times in UTC. What is counted is counted per interval.
 */
public enum SeriesTable {
  /** What each rank did. */
  RANKS(
      "time",
      "elapsed_seconds",
      "interval_seconds",
      "rank",
      "epoch",
      "steps",
      "samples",
      "sample_bytes",
      "storage_bytes",
      "wait_seconds",
      "compute_seconds",
      "au_so_far_percent"),
  /** What each worker process used. */
  WORKERS(
      "time",
      "elapsed_seconds",
      "interval_seconds",
      "host",
      "process",
      "cpu_cores_used",
      "gc_percent",
      "device_read_bytes"),
  /** What each device did, for anybody. */
  DEVICES(
      "time",
      "elapsed_seconds",
      "interval_seconds",
      "host",
      "device",
      "reads",
      "read_bytes",
      "read_await_ms",
      "writes",
      "written_bytes",
      "write_await_ms",
      "queue_length",
      "busy_percent"),
  /** Every read of a sample. */
  ACCESS_LOG(
      "time",
      "rank",
      "epoch",
      "file",
      "offset",
      "storage_bytes",
      "sample_bytes",
      "open_us",
      "first_byte_us",
      "read_us",
      "decode_us");

  private final String header;

  SeriesTable(String... columns) {
    this.header = String.join(",", columns);
  }

  /** Its name, which is that of its folder. */
  public String tableName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The first line of each file. */
  public String header() {
    return header;
  }
}

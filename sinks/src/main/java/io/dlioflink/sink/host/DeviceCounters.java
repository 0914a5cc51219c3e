/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

/**
 * Counters of a block device since its host started, from {@code /proc/diskstats}.
 *
 * @param name e.g. {@code nvme0n1}
 * @param reads requests completed
 * @param readBytes bytes of them
 * @param readMillis time they took, summed up
 * @param writes requests completed
 * @param writtenBytes bytes of them
 * @param writeMillis time they took, summed up
 * @param busyMillis time during which any request was under way
 * @param queueMillis time requests were under way, summed up
 */
public record DeviceCounters(
    String name,
    long reads,
    long readBytes,
    long readMillis,
    long writes,
    long writtenBytes,
    long writeMillis,
    long busyMillis,
    long queueMillis) {
  private static final int SECTOR_BYTES = 512;
  private static final int FIELDS = 14;

  /** Reads a line of {@code /proc/diskstats}; null if it is none. */
  static DeviceCounters parse(String line) {
    String[] fields = line.strip().split("\\s+");
    if (fields.length < FIELDS) {
      return null;
    }
    return new DeviceCounters(
        fields[2],
        Long.parseLong(fields[3]),
        Long.parseLong(fields[5]) * SECTOR_BYTES,
        Long.parseLong(fields[6]),
        Long.parseLong(fields[7]),
        Long.parseLong(fields[9]) * SECTOR_BYTES,
        Long.parseLong(fields[10]),
        Long.parseLong(fields[12]),
        Long.parseLong(fields[13]));
  }

  /** What happened since an earlier reading of the same device. */
  public DeviceCounters minus(DeviceCounters earlier) {
    return new DeviceCounters(
        name,
        reads - earlier.reads,
        readBytes - earlier.readBytes,
        readMillis - earlier.readMillis,
        writes - earlier.writes,
        writtenBytes - earlier.writtenBytes,
        writeMillis - earlier.writeMillis,
        busyMillis - earlier.busyMillis,
        queueMillis - earlier.queueMillis);
  }
}

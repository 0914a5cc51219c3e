/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

/**
 * Time of all processors of a host since it started, in ticks, from {@code /proc/stat}; all zero
 * where there is none.
 *
 * @param user programs
 * @param nice programs of low priority
 * @param system the kernel, interrupts included
 * @param idle nothing to do
 * @param iowait nothing to do, but I/O under way
 * @param steal taken by the hypervisor
 */
public record CpuTicks(long user, long nice, long system, long idle, long iowait, long steal) {
  static final CpuTicks NONE = new CpuTicks(0, 0, 0, 0, 0, 0);

  /** Reads the first line of {@code /proc/stat}. */
  static CpuTicks parse(String line) {
    String[] fields = line.strip().split("\\s+");
    if (fields.length < 9 || !fields[0].equals("cpu")) {
      return NONE;
    }
    long[] ticks = new long[fields.length];
    for (int i = 1; i < fields.length; i++) {
      ticks[i] = Long.parseLong(fields[i]);
    }
    return new CpuTicks(
        ticks[1], ticks[2], ticks[3] + ticks[6] + ticks[7], ticks[4], ticks[5], ticks[8]);
  }

  /** What happened since an earlier reading. */
  public CpuTicks minus(CpuTicks earlier) {
    return new CpuTicks(
        user - earlier.user,
        nice - earlier.nice,
        system - earlier.system,
        idle - earlier.idle,
        iowait - earlier.iowait,
        steal - earlier.steal);
  }

  /** All of it. */
  public long total() {
    return user + nice + system + idle + iowait + steal;
  }
}

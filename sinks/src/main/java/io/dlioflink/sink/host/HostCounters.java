/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

import java.util.List;
import java.util.Optional;

/**
 * What the kernel counted for a process and its host, at one moment.
 *
 * @param micros wall clock, microseconds since 1970
 * @param deviceReadBytes bytes that this process made block devices (or a network file system's
 *     servers) deliver; {@link #UNKNOWN} where the kernel or the file system does not say
 * @param cpuNanos processor time of this process; {@link #UNKNOWN} likewise
 * @param gcMillis time this process spent collecting garbage
 * @param hostCpu time of all processors of the host
 * @param devices the devices that are watched, of the whole host; empty if none is known
 */
public record HostCounters(
    long micros,
    long deviceReadBytes,
    long cpuNanos,
    long gcMillis,
    CpuTicks hostCpu,
    List<DeviceCounters> devices) {
  /** What stands for a counter the platform does not have. */
  public static final long UNKNOWN = -1;

  public HostCounters {
    devices = List.copyOf(devices);
  }

  /** The device of that name. */
  public Optional<DeviceCounters> device(String name) {
    return devices.stream().filter(device -> device.name().equals(name)).findFirst();
  }
}

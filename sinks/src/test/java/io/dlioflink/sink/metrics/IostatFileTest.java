/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.sink.host.CpuTicks;
import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IostatFileTest {
  private static final DeviceCounters DISK = new DeviceCounters("vda", 1, 1, 1, 0, 0, 0, 0, 0);

  @TempDir private Path folder;

  private static HostSample sample(List<DeviceCounters> devices) {
    CpuTicks cpu = new CpuTicks(0, 0, 0, 0, 0, 0);
    HostCounters counters = new HostCounters(1, 0, 0, 0, cpu, devices);
    return new HostSample("node1", 1, HostSample.Moment.PASS_START, 0, counters);
  }

  private IostatFile told(List<DeviceCounters> devices) throws Exception {
    OutputFolder output = new OutputFolder(Location.parse(folder.toString()), StorageOptions.NONE);
    IostatFile file = new IostatFile(output);
    file.accept(sample(devices));
    return file;
  }

  @Test
  void aHostThatCountsNoneOfTheNamedDevicesIsToldOf() throws Exception {
    try (IostatFile file = told(List.of())) {
      assertThat(file.notice(List.of("sdq")))
          .hasValue(
              "iostat.json has no devices: node1 counts none of profiling.iostat_devices [sdq]");
    }
  }

  @Test
  void aDatasetOnNoDeviceIsToldOf() throws Exception {
    try (IostatFile file = told(List.of())) {
      assertThat(file.notice(List.of()))
          .hasValueSatisfying(
              notice -> assertThat(notice).contains("no block device of node1", "iostat_devices"));
    }
  }

  @Test
  void countedDevicesNeedNoNotice() throws Exception {
    try (IostatFile file = told(List.of(DISK))) {
      assertThat(file.notice(List.of())).isEmpty();
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeTest {
  @TempDir private Path proc;

  @Test
  void countersOfTheKernelAreRead() throws IOException {
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("self/io"), "rchar: 9\nread_bytes: 8192\nwrite_bytes: 1\n");
    Files.writeString(
        proc.resolve("stat"), "cpu  10 1 5 70 4 2 3 6 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
    Files.writeString(
        proc.resolve("diskstats"),
        """
           7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
         254       0 vda 100 7 2000 50 30 2 800 90 0 60 140 5 0 6 7 8 9
         254       1 vda1 99 7 1999 50 30 2 800 90 0 60 140
        """);

    HostCounters counters = new HostProbe(proc, List.of("vda"), true).read();

    assertThat(counters.deviceReadBytes()).isEqualTo(8192);
    assertThat(counters.hostCpu()).isEqualTo(new CpuTicks(10, 1, 10, 70, 4, 6));
    assertThat(counters.devices())
        .containsExactly(
            new DeviceCounters("vda", 100, 2000 * 512, 50, 30, 800 * 512, 90, 60, 140));
  }

  @Test
  void whatAPlatformDoesNotCountIsUnknown() {
    HostCounters counters = new HostProbe(proc, List.of("vda"), true).read();

    assertThat(counters.deviceReadBytes()).isEqualTo(HostCounters.UNKNOWN);
    assertThat(counters.hostCpu().total()).isZero();
    assertThat(counters.devices()).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereYetHasTheDeviceOfItsParent() {
    assertThat(HostProbe.deviceOf(proc.resolve("a/b/c"))).isEqualTo(HostProbe.deviceOf(proc));
  }

  @Test
  void readsOfAFileSystemThatDoesNotChargeThemAreUnknown() throws IOException {
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("self/io"), "read_bytes: 0\n");

    assertThat(new HostProbe(proc, List.of(), false).read().deviceReadBytes())
        .isEqualTo(HostCounters.UNKNOWN);
    assertThat(new HostProbe(proc, List.of(), true).read().deviceReadBytes()).isZero();
    assertThat(HostProbe.accountsReads(Path.of("/proc"))).isFalse();
  }
}

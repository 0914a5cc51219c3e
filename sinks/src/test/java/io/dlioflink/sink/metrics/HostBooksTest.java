/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.sink.host.CpuTicks;
import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import io.dlioflink.storage.IoCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostBooksTest {
  private static final IoCounts BUFFERED = new IoCounts(1000, 0, 0, 0, 0, 0);
  private static final IoCounts DIRECT = new IoCounts(1000, 900, 100, 0, 0, 0);

  private final HostBooks books = new HostBooks();

  private static HostSample sample(
      String host, long process, HostSample.Moment moment, long processBytes, long diskBytes) {
    DeviceCounters device = new DeviceCounters("vda", 1, diskBytes, 1, 0, 0, 0, 0, 0);
    HostCounters counters =
        new HostCounters(
            1_000_000, processBytes, 0, 0, new CpuTicks(0, 0, 0, 0, 0, 0), List.of(device));
    return new HostSample(host, process, moment, 0, counters);
  }

  private void pass(String host, long process, long processBytes, long diskBytes) {
    books.accept(sample(host, process, HostSample.Moment.PASS_START, 500, 7000));
    long end = processBytes == HostCounters.UNKNOWN ? processBytes : 500 + processBytes;
    books.accept(sample(host, process, HostSample.Moment.PASS_END, end, 7000 + diskBytes));
  }

  @Test
  void processesAddUpAndDevicesOfAHostCountOnce() {
    pass("a", 1, 300, 1000);
    pass("a", 2, 200, 1000);
    pass("b", 1, 100, 400);

    HostBooks.Delivered delivered = books.delivered(0);

    assertThat(delivered.processBytes()).hasValue(600);
    assertThat(delivered.deviceBytes()).containsEntry("a:vda", 1000L).containsEntry("b:vda", 400L);
    assertThat(delivered.bytes()).hasValue(600);
  }

  @Test
  void withoutCountersOfProcessesThoseOfDevicesCount() {
    pass("a", 1, HostCounters.UNKNOWN, 1000);

    assertThat(books.delivered(0).processBytes()).isEmpty();
    assertThat(books.delivered(0).bytes()).hasValue(1000);
  }

  @Test
  void oneWorkerThatDoesNotCountMakesTheSumUnknown() {
    pass("a", 1, 300, 1000);
    pass("b", 1, HostCounters.UNKNOWN, 400);

    assertThat(books.delivered(0).processBytes()).isEmpty();
    assertThat(books.delivered(0).bytes()).hasValue(1400);
  }

  @Test
  void whatIsReadBetweenTwoPassesIsOfTheSecond() {
    pass("a", 1, 300, 0);
    books.accept(at(1, HostSample.Moment.PASS_START, 900));
    books.accept(at(1, HostSample.Moment.PASS_END, 1000));

    assertThat(books.delivered(1).processBytes()).hasValue(200);
    assertThat(books.bytes(List.of(0, 1))).hasValue(500);
    assertThat(books.bytes(List.of(0, 1, 2))).isEmpty();
  }

  private static HostSample at(int pass, HostSample.Moment moment, long processBytes) {
    HostSample sample = sample("a", 1, moment, processBytes, 0);
    return new HostSample("a", 1, moment, pass, sample.counters());
  }

  @Test
  void readsThatDidNotReachTheDeviceAreSuspicious() {
    pass("a", 1, 400, 0);
    CacheVerdict verdict = new CacheVerdict(books, true, BUFFERED);

    assertThat(verdict.verdict(0, 1000)).isEqualTo("cache suspected");
    assertThat(verdict.verdict(0, 500)).isEqualTo("from the device");
    assertThat(verdict.verdict(1, 1000)).isEqualTo("unknown");
    assertThat(verdict.verdict(0, 0)).isEqualTo("nothing read");
  }

  @Test
  void pastThePageCacheNothingIsSuspicious() {
    pass("a", 1, 0, 0);

    assertThat(new CacheVerdict(books, true, DIRECT).verdict(0, 1000))
        .isEqualTo("page cache not used");
    assertThat(new CacheVerdict(books, false, BUFFERED).verdict(0, 1000))
        .isEqualTo("page cache not used");
  }
}

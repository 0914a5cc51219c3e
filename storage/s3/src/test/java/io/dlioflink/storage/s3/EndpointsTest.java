/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.s3.S3Settings.LoadBalance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EndpointsTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000);

  private Endpoints endpoints(LoadBalance strategy, String... names) {
    return new Endpoints(
        List.of(names).stream().map(Endpoint::parse).toList(), strategy, clock::get);
  }

  private static Map<String, Integer> shares(Endpoints endpoints, int requests) {
    Map<String, Integer> shares = new TreeMap<>();
    for (int i = 0; i < requests; i++) {
      try (Endpoints.Use use = endpoints.take()) {
        use.worked();
        shares.merge(use.endpoint().host(), 1, Integer::sum);
      }
    }
    return shares;
  }

  private static Endpoints.Use takeFrom(Endpoints endpoints, String host) {
    Endpoints.Use use = endpoints.take();
    if (!use.endpoint().host().equals(host)) {
      use.close();
      use = endpoints.take();
    }
    assertThat(use.endpoint().host()).isEqualTo(host);
    return use;
  }

  private static void fail(Endpoints endpoints, String host, int times) {
    for (int failed = 0; failed < times; ) {
      try (Endpoints.Use use = endpoints.take()) {
        if (use.endpoint().host().equals(host)) {
          use.failed();
          failed++;
        } else {
          use.worked();
        }
      }
    }
  }

  @Test
  void requestsGoRound() {
    assertThat(shares(endpoints(LoadBalance.ROUND_ROBIN, "a", "b", "c"), 300))
        .isEqualTo(Map.of("a", 100, "b", 100, "c", 100));
  }

  @Test
  void aRequestGoesWhereTheFewestAreUnderWay() {
    Endpoints endpoints = endpoints(LoadBalance.LEAST_CONNECTIONS, "a", "b");
    List<Endpoints.Use> slow = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      slow.add(endpoints.take());
    }
    assertThat(slow)
        .extracting(use -> use.endpoint().host())
        .containsExactlyInAnyOrder("a", "a", "b", "b");
    slow.stream().filter(use -> use.endpoint().host().equals("a")).forEach(Endpoints.Use::close);
    try (Endpoints.Use first = endpoints.take();
        Endpoints.Use second = endpoints.take()) {
      assertThat(List.of(first, second))
          .extracting(use -> use.endpoint().host())
          .containsExactly("a", "a");
    }
  }

  @Test
  void oneThatFailsRepeatedlyIsTakenOutAndTriedAgainByOneRequest() {
    Endpoints endpoints = endpoints(LoadBalance.ROUND_ROBIN, "a", "b");
    fail(endpoints, "a", Endpoints.FAILURES_TO_LEAVE - 1);
    assertThat(shares(endpoints, 2)).containsKeys("a", "b");
    fail(endpoints, "a", Endpoints.FAILURES_TO_LEAVE);
    assertThat(shares(endpoints, 50)).isEqualTo(Map.of("b", 50));

    clock.addAndGet(Endpoints.FIRST_BREAK.toNanos());
    try (Endpoints.Use probe = takeFrom(endpoints, "a")) {
      assertThat(shares(endpoints, 50)).isEqualTo(Map.of("b", 50));
      probe.failed();
    }
    clock.addAndGet(Endpoints.FIRST_BREAK.toNanos());
    assertThat(shares(endpoints, 50)).isEqualTo(Map.of("b", 50));
    clock.addAndGet(Endpoints.FIRST_BREAK.toNanos());
    assertThat(shares(endpoints, 100))
        .hasEntrySatisfying("a", share -> assertThat(share).isGreaterThan(48));
  }

  @Test
  void theBreaksGrowToALimit() {
    Endpoints endpoints = endpoints(LoadBalance.ROUND_ROBIN, "a", "b");
    fail(endpoints, "a", Endpoints.FAILURES_TO_LEAVE);
    for (int i = 0; i < 20; i++) {
      clock.addAndGet(Endpoints.LONGEST_BREAK.toNanos());
      fail(endpoints, "a", 1);
    }
    clock.addAndGet(Endpoints.LONGEST_BREAK.minus(Duration.ofMillis(1)).toNanos());
    assertThat(shares(endpoints, 10)).isEqualTo(Map.of("b", 10));
    clock.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(shares(endpoints, 10)).containsKey("a");
  }

  @Test
  void ifAllAreOutTheOneThatHasBeenOutLongestIsUsed() {
    Endpoints endpoints = endpoints(LoadBalance.ROUND_ROBIN, "a", "b");
    fail(endpoints, "b", Endpoints.FAILURES_TO_LEAVE);
    clock.addAndGet(1000);
    fail(endpoints, "a", Endpoints.FAILURES_TO_LEAVE);
    assertThat(endpoints.take().endpoint().host()).isEqualTo("b");
  }

  @Test
  void aTrialThatNobodyWaitedForIsMadeAgain() {
    Endpoints endpoints = endpoints(LoadBalance.ROUND_ROBIN, "a", "b");
    fail(endpoints, "a", Endpoints.FAILURES_TO_LEAVE);
    clock.addAndGet(Endpoints.FIRST_BREAK.toNanos());
    takeFrom(endpoints, "a").close();
    assertThat(shares(endpoints, 10)).containsKey("a");
  }
}

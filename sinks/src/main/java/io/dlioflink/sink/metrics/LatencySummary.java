/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Percentiles of a merged histogram of nanoseconds, written in microseconds. */
final class LatencySummary {
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double[] PERCENTILES = {50, 95, 99, 99.9};
  private static final String[] NAMES = {"p50_us", "p95_us", "p99_us", "p99_9_us"};

  private LatencySummary() {}

  static void write(JsonGenerator json, String name, Histogram histogram) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", histogram.getTotalCount());
    if (histogram.getTotalCount() > 0) {
      json.writeNumberField("mean_us", micros(histogram.getMean()));
      for (int i = 0; i < NAMES.length; i++) {
        json.writeNumberField(NAMES[i], micros(histogram.getValueAtPercentile(PERCENTILES[i])));
      }
      json.writeNumberField("max_us", micros(histogram.getMaxValue()));
    }
    json.writeEndObject();
  }

  static String line(Histogram histogram) {
    return String.format(
        Locale.ROOT,
        "p50 %.3f ms, p99 %.3f ms, max %.3f ms",
        histogram.getValueAtPercentile(50) / 1e6,
        histogram.getValueAtPercentile(99) / 1e6,
        histogram.getMaxValue() / 1e6);
  }

  private static double micros(double nanos) {
    return Math.round(nanos / NANOS_PER_MICRO * 10) / 10.0;
  }
}

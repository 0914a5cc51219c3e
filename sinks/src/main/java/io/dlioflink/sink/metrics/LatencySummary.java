/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What is kept of a merged histogram of nanoseconds; microseconds with one decimal, three
 * significant digits.
 *
 * @param count values
 * @param figures mean, percentiles and maximum by their names in reports; empty if there are no
 *     values
 */
record LatencySummary(long count, Map<String, Double> figures) {
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double[] PERCENTILES = {50, 95, 99, 99.9};
  private static final String[] NAMES = {"p50_us", "p95_us", "p99_us", "p99_9_us"};

  static LatencySummary of(Histogram histogram) {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (histogram.getTotalCount() > 0) {
      figures.put("mean_us", micros(histogram.getMean()));
      for (int i = 0; i < NAMES.length; i++) {
        figures.put(NAMES[i], micros(histogram.getValueAtPercentile(PERCENTILES[i])));
      }
      figures.put("max_us", micros(histogram.getMaxValue()));
    }
    return new LatencySummary(histogram.getTotalCount(), figures);
  }

  void write(JsonGenerator json, String name) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", count);
    for (Map.Entry<String, Double> figure : figures.entrySet()) {
      json.writeNumberField(figure.getKey(), figure.getValue());
    }
    json.writeEndObject();
  }

  static void write(JsonGenerator json, String name, Histogram histogram) throws IOException {
    of(histogram).write(json, name);
  }

  static String line(Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      return "not measured";
    }
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

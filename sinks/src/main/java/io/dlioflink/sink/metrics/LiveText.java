/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.util.function.Supplier;
import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * A figure under way, as text: it is what it is when Flink looks, with each heartbeat and in the
 * end, and arrives as {@link TextAccumulator}. Read on threads of Flink's.
 */
final class LiveText implements Accumulator<String, String> {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<String> text;

  LiveText(Supplier<String> text) {
    this.text = text;
  }

  private Object writeReplace() {
    TextAccumulator copy = new TextAccumulator();
    copy.add(getLocalValue());
    return copy;
  }

  @Override
  public String getLocalValue() {
    return text.get();
  }

  @Override
  public Accumulator<String, String> clone() {
    return new LiveText(text);
  }

  /** Nothing can be added: the text is the source's. */
  @Override
  public void add(String value) {}

  @Override
  public void resetLocal() {}

  @Override
  public void merge(Accumulator<String, String> other) {}

  @Override
  public String toString() {
    return getLocalValue();
  }
}

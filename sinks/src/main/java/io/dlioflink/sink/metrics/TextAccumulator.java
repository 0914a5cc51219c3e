/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import org.apache.flink.api.common.accumulators.Accumulator;

/** A final figure as text, readable in the web UI. Only the one sink subtask sets it. */
public final class TextAccumulator implements Accumulator<String, String> {
  private static final long serialVersionUID = 1L;

  private String text = "";

  @Override
  public void add(String value) {
    text = value;
  }

  @Override
  public String getLocalValue() {
    return text;
  }

  @Override
  public void resetLocal() {
    text = "";
  }

  @Override
  public void merge(Accumulator<String, String> other) {
    if (!other.getLocalValue().isEmpty()) {
      text = other.getLocalValue();
    }
  }

  @Override
  public Accumulator<String, String> clone() {
    TextAccumulator copy = new TextAccumulator();
    copy.text = text;
    return copy;
  }

  @Override
  public String toString() {
    return text;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/** Mean and population standard deviation, as NumPy's {@code mean} and {@code std} give them. */
record Statistics(double mean, double stdev) {

  static Statistics of(double[] values) {
    if (values.length == 0) {
      return new Statistics(0, 0);
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Statistics(mean, Math.sqrt(squares / values.length));
  }
}

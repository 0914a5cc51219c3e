/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.series.Csv;
import java.io.IOException;
import java.util.Map;

/**
 * {@code summary.csv}: the main figures of a run, one a line. Long rather than wide, so that each
 * figure has its unit, files of several runs can be put one below the other and pivoted, and a
 * figure more in a later version moves no column.
 */
final class SummaryCsv {
  private static final String NAME = "summary.csv";

  private final StringBuilder text = new StringBuilder("run,scope,metric,value,unit\n");
  private final String run;

  /**
   * A table without lines.
   *
   * @param run what the lines have in common, e.g. workload and start
   */
  SummaryCsv(String run) {
    this.run = run;
  }

  SummaryCsv add(String scope, String metric, double value, String unit) {
    Csv line = new Csv().text(run).text(scope).text(metric);
    text.append(value == Math.rint(value) ? line.number(Math.round(value)) : line.decimal(value))
        .append(',')
        .append(unit)
        .append('\n');
    return this;
  }

  SummaryCsv addText(String scope, String metric, String value) {
    text.append(new Csv().text(run).text(scope).text(metric).text(value)).append(",\n");
    return this;
  }

  SummaryCsv addLatencies(String scope, Map<Stage, LatencySummary> stages) {
    stages.forEach((stage, summary) -> addLatency(scope, stage, summary));
    return addText(scope, "host_to_device", StageLatencies.NOT_MEASURED);
  }

  void addLatency(String scope, Stage stage, LatencySummary summary) {
    String name = stage.reportName();
    add(scope, name + "_count", summary.count(), stage.per() + "s");
    summary
        .figures()
        .forEach(
            (figure, value) -> add(scope, name + "_" + figure.replace("_us", ""), value, "us"));
  }

  void write(OutputFolder output) throws IOException {
    output.writeText(NAME, text.toString());
  }
}

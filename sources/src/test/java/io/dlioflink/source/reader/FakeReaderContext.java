/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** Remembers the events a reader sends. */
final class FakeReaderContext implements SourceReaderContext {
  final List<SourceEvent> sent = new ArrayList<>();
  private final int subtask;

  FakeReaderContext(int subtask) {
    this.subtask = subtask;
  }

  @Override
  public SourceReaderMetricGroup metricGroup() {
    return UnregisteredMetricsGroup.createSourceReaderMetricGroup();
  }

  @Override
  public Configuration getConfiguration() {
    return new Configuration();
  }

  @Override
  public String getLocalHostName() {
    return "localhost";
  }

  @Override
  public int getIndexOfSubtask() {
    return subtask;
  }

  @Override
  public void sendSplitRequest() {
    throw new AssertionError("Splits are pushed");
  }

  @Override
  public void sendSourceEventToCoordinator(SourceEvent event) {
    sent.add(event);
  }

  @Override
  public UserCodeClassLoader getUserCodeClassLoader() {
    return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
  }
}

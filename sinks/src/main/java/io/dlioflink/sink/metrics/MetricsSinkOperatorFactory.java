/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link MetricsSinkOperator}. */
public final class MetricsSinkOperatorFactory
    extends AbstractStreamOperatorFactory<Tuple2<String, String>>
    implements OneInputStreamOperatorFactory<byte[], Tuple2<String, String>> {
  private static final long serialVersionUID = 1L;

  private final MetricsSinkSettings settings;

  public MetricsSinkOperatorFactory(MetricsSinkSettings settings) {
    this.settings = settings;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T extends StreamOperator<Tuple2<String, String>>> T createStreamOperator(
      StreamOperatorParameters<Tuple2<String, String>> parameters) {
    return (T) new MetricsSinkOperator(parameters, settings);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return MetricsSinkOperator.class;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.graph;

import io.dlioflink.sink.dataset.WriteRequest;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceSignal;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Turns what the source says into what the writer does. */
final class WriteRequests implements FlatMapFunction<SourceSignal, WriteRequest> {
  private static final long serialVersionUID = 1L;

  private boolean keepComplete;

  @Override
  public void flatMap(SourceSignal signal, Collector<WriteRequest> out) {
    if (signal instanceof RunStart start) {
      keepComplete = start.facts().ours();
    } else if (signal instanceof BatchRequest request) {
      out.collect(new WriteRequest(request.ids(), keepComplete));
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.format.DecoderFactories;
import io.dlioflink.format.DecoderFactory;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.VerifyInterval;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.Workload;
import java.util.List;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Reads dataset files back, completely, and reports those that are not what they should be. */
public final class SampleFileVerifierOperator extends DatasetFileOperator<FilesToCheck> {
  private static final long serialVersionUID = 1L;

  private final Workload workload;
  private transient DecoderFactory decoders;
  private transient VerifyTelemetry telemetry;
  private transient List<String> notices;

  SampleFileVerifierOperator(
      StreamOperatorParameters<byte[]> parameters,
      MailboxExecutor mailbox,
      Workload workload,
      Location root,
      int threadCount) {
    super(parameters, mailbox, workload, root, threadCount);
    this.workload = workload;
  }

  @Override
  public void open() throws Exception {
    telemetry = new VerifyTelemetry();
    notices = List.of();
    decoders =
        DecoderFactories.find(
            workload.dataset().format(),
            workload.reader().readerClassname(),
            getRuntimeContext().getUserCodeClassLoader());
    super.open();
  }

  @Override
  public void processElement(StreamRecord<FilesToCheck> element) throws Exception {
    notices = element.getValue().notices();
    super.processElement(element);
  }

  @Override
  FileThreads.FileWorker<FilesToCheck> newWorker(
      DatasetFileWriter.Target target, SampleFormat format) {
    return new DatasetFileVerifier(target, format, decoders, telemetry);
  }

  @Override
  void registerMetrics(MetricGroup group, Storage files) {
    group.gauge(VerifierMetrics.FILES_CHECKED, (Gauge<Long>) telemetry::filesChecked);
    group.gauge(VerifierMetrics.FILES_BAD, (Gauge<Long>) telemetry::filesBad);
    group.gauge(VerifierMetrics.BYTES_CHECKED, (Gauge<Long>) () -> files.ioCounts().readBytes());
  }

  @Override
  MetricsRecord takeInterval(int ofRank, long start, long end, Storage files, boolean last) {
    VerifyTelemetry.Interval interval = telemetry.takeInterval();
    return new VerifyInterval(
        ofRank,
        HostFacts.nameOfThisHost(),
        interval.compared(),
        interval.decoded(),
        interval.badFiles(),
        interval.fileLatency(),
        start,
        end,
        files.ioCounts(),
        notices);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.format.SampleFormat;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.MetricsRecord;
import io.dlioflink.sink.metrics.WriteInterval;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.Workload;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Writes dataset files, by number. Writing is idempotent: the bytes of a file follow from its
 * number, a file appears complete or not at all, and one that is there with the right size in a
 * folder marked as ours is left as it is. So a restarted job just goes on.
 */
public final class SampleFileWriterOperator extends DatasetFileOperator<WriteRequest> {
  private static final long serialVersionUID = 1L;

  private transient WriteTelemetry telemetry;

  SampleFileWriterOperator(
      StreamOperatorParameters<byte[]> parameters,
      MailboxExecutor mailbox,
      Workload workload,
      Location root,
      int threadCount) {
    super(parameters, mailbox, workload, root, threadCount);
  }

  @Override
  public void open() throws Exception {
    telemetry = new WriteTelemetry();
    super.open();
  }

  @Override
  FileThreads.FileWorker<WriteRequest> newWorker(
      DatasetFileWriter.Target target, SampleFormat format) {
    return new DatasetFileWriter(target, format, telemetry);
  }

  @Override
  void registerMetrics(MetricGroup group, Storage files) {
    group.gauge(WriterMetrics.FILES_WRITTEN, (Gauge<Long>) telemetry::filesWritten);
    group.gauge(WriterMetrics.FILES_PRESENT, (Gauge<Long>) telemetry::filesPresent);
    group.gauge(WriterMetrics.BYTES_WRITTEN, (Gauge<Long>) () -> files.ioCounts().writtenBytes());
  }

  @Override
  MetricsRecord takeInterval(int ofRank, long start, long end, Storage files, boolean last) {
    WriteTelemetry.Interval interval = telemetry.takeInterval();
    return new WriteInterval(
        ofRank,
        HostFacts.nameOfThisHost(),
        interval.filesWritten(),
        interval.filesPresent(),
        interval.bytesWritten(),
        interval.fileLatency(),
        start,
        end,
        files.ioCounts(),
        last);
  }
}

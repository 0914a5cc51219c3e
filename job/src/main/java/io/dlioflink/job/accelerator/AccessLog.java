/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.sink.series.Csv;
import io.dlioflink.sink.series.SeriesTable;
import io.dlioflink.source.reader.SampleRead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.util.OutputTag;

/** Lines of {@link SeriesTable#ACCESS_LOG}: a record for each batch, a line for each sample. */
public final class AccessLog {
  /** Side output of the accelerators that the lines leave by. */
  public static final OutputTag<byte[]> TAG =
      new OutputTag<>("access log", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  private AccessLog() {}

  static byte[] lines(int rank, int epoch, List<SampleRead> reads) {
    StringBuilder lines = new StringBuilder();
    for (SampleRead read : reads) {
      Csv line = new Csv().time(read.startMicros()).number(rank).number(epoch).text(read.file());
      if (read.offset() == SampleRead.NONE) {
        line.empty();
      } else {
        line.number(read.offset());
      }
      line.number(read.storageBytes()).number(read.sampleBytes());
      if (read.openNanos() == SampleRead.NONE) {
        line.empty().empty();
      } else {
        line.micros(read.openNanos()).micros(read.firstByteNanos());
      }
      lines.append(line.micros(read.readNanos()).micros(read.decodeNanos())).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}

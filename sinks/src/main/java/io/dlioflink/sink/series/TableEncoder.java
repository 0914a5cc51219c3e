/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.java.tuple.Tuple2;

/** Writes rows of several tables, each file of which begins with the header of its table. */
final class TableEncoder implements Encoder<Tuple2<String, String>> {
  private static final long serialVersionUID = 1L;

  private transient Map<String, LinesEncoder> tables;

  @Override
  public void encode(Tuple2<String, String> row, OutputStream stream) throws IOException {
    if (tables == null) {
      tables = new HashMap<>();
    }
    tables
        .computeIfAbsent(
            row.f0, table -> new LinesEncoder(SeriesTable.valueOf(table.toUpperCase(Locale.ROOT))))
        .encode((row.f1 + "\n").getBytes(StandardCharsets.UTF_8), stream);
  }
}

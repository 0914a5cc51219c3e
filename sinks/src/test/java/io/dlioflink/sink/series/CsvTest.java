/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.java.tuple.Tuple2;
import org.junit.jupiter.api.Test;

class CsvTest {
  @Test
  void textWithCommasAndQuotesIsQuoted() {
    assertThat(new Csv().text("a,b").text("say \"x\"").text("plain").empty().number(7))
        .hasToString("\"a,b\",\"say \"\"x\"\"\",plain,,7");
  }

  @Test
  void anEmptyFirstCellCounts() {
    assertThat(new Csv().empty().number(1)).hasToString(",1");
  }

  @Test
  void timesAndNumbersAreReadByAnything() {
    assertThat(new Csv().time(1_500_000).decimal(1.0 / 3).micros(12_345))
        .hasToString("1970-01-01T00:00:01.500Z,0.333,12.3");
  }

  @Test
  void eachFileOfATableBeginsWithItsHeader() throws IOException {
    TableEncoder encoder = new TableEncoder();
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream other = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();

    encoder.encode(Tuple2.of("ranks", "1"), first);
    encoder.encode(Tuple2.of("workers", "a"), other);
    encoder.encode(Tuple2.of("ranks", "2"), first);
    encoder.encode(Tuple2.of("ranks", "3"), second);

    assertThat(first.toString(StandardCharsets.UTF_8))
        .isEqualTo(SeriesTable.RANKS.header() + "\n1\n2\n");
    assertThat(other.toString(StandardCharsets.UTF_8))
        .isEqualTo(SeriesTable.WORKERS.header() + "\na\n");
    assertThat(second.toString(StandardCharsets.UTF_8))
        .isEqualTo(SeriesTable.RANKS.header() + "\n3\n");
  }
}

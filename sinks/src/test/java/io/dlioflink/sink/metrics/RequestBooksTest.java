/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.RequestTelemetry;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestBooksTest {
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private final RequestMeter meter = new RequestMeter(1, Traffic.DATASET, Optional.of(telemetry));
  private final RequestBooks books = new RequestBooks();

  private JsonNode written() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      books.write(json);
      json.writeEndObject();
    }
    return new ObjectMapper().readTree(text.toString());
  }

  @Test
  void aStorageWithoutRequestsHasNoIntervals() {
    RequestMeter without = new RequestMeter(0, Traffic.DATASET, Optional.empty());

    assertThat(without.take(0)).isEmpty();
    assertThat(meter.take(0)).isEmpty();
  }

  @Test
  void anIntervalHoldsWhatCameSinceTheOneBefore() {
    telemetry.connected("a:1", 1_000);
    telemetry.answered("a:1", 2_000);
    telemetry.answered("b:1", 2_000);
    RequestInterval first = meter.take(4).orElseThrow();
    telemetry.retried("a:1", true);
    telemetry.answered("a:1", 3_000);

    RequestInterval second = meter.take(5).orElseThrow();

    assertThat(first.pass()).isEqualTo(4);
    assertThat(first.endpoints()).containsOnlyKeys("a:1", "b:1");
    assertThat(second.endpoints())
        .containsExactly(Map.entry("a:1", new EndpointCounts(1, 1, 1, 0, 0, 0, 0)));
    assertThat(second.latencies().get(Stage.REQUEST_FIRST_BYTE).getTotalCount()).isEqualTo(1);
    assertThat(meter.take(5)).isEmpty();
  }

  @Test
  void intervalsOfAllRanksAreSummedByEndpoint() throws IOException {
    telemetry.connected("a:1", 1_000);
    telemetry.answered("a:1", 2_000);
    telemetry.failed("b:1");
    telemetry.retried("a:1", false);
    telemetry.transferred(500);
    telemetry.moved("a:1", 10, 20);
    RequestInterval interval = meter.take(0).orElseThrow();
    books.accept(interval);
    books.accept(interval);

    JsonNode dataset = written().at("/requests/dataset");

    assertThat(dataset.at("/endpoints/0").toString())
        .isEqualTo(
            "{\"endpoint\":\"a:1\",\"requests\":2,\"retries\":2,\"throttles\":0,\"failures\":0,"
                + "\"connections\":2,\"sent_bytes\":20,\"received_bytes\":40}");
    assertThat(dataset.at("/endpoints/1/failures").asLong()).isEqualTo(2);
    assertThat(dataset.at("/latency/body/count").asLong()).isEqualTo(2);
    assertThat(books.notices())
        .containsExactly(
            "2 of 4 requests (dataset) were repeated, 0 of them because the server asked to slow"
                + " down; what they cost is part of the figures");
    Map<String, String> highlights = new LinkedHashMap<>();
    books.highlights(highlights);
    assertThat(highlights).containsOnlyKeys("Requests, dataset", "  a:1", "  b:1");
  }

  @Test
  void withoutRequestsNothingIsShown() throws IOException {
    assertThat(written()).isEmpty();
    assertThat(books.notices()).isEmpty();
    assertThat(books.has(Traffic.DATASET)).isFalse();
  }
}

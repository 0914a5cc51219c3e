/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementBooksTest {
  private static final Worker ONE = new Worker("a", 1);
  private static final Worker TWO = new Worker("b", 1);
  private static final long SECOND = 1_000_000_000L;

  private final PlacementBooks books = new PlacementBooks();

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static JsonNode written(Writing writing) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      writing.to(json);
      json.writeEndObject();
    }
    return new ObjectMapper().readTree(text.toString());
  }

  private void place(int rank, Worker worker, double waitedSeconds) {
    books.accept(new RankPlace(rank, worker, Math.round(waitedSeconds * SECOND)));
  }

  @Test
  void ranksOfAWorkerAreTold() {
    for (int rank : new int[] {0, 1, 2, 4, 6, 7}) {
      place(rank, ONE, 0);
    }
    place(3, TWO, 0);

    assertThat(books.ranksOf(ONE)).isEqualTo("0-2, 4, 6-7");
    assertThat(books.ranksOf(TWO)).isEqualTo("3");
    assertThat(books.ranksOf(new Worker("c", 1))).isEmpty();
    assertThat(books.summary()).hasValue("7 accelerators on 2 workers, 1 to 6 each");
  }

  @Test
  void theRankThatTheStartWaitedForIsNamed() throws IOException {
    place(0, ONE, 4.5);
    place(1, TWO, 0);
    place(2, ONE, 3);

    JsonNode start = written(books::writeStart).path("start_barrier");

    assertThat(start.path("last_rank").asInt()).isEqualTo(1);
    assertThat(start.path("last_host").asText()).isEqualTo("b");
    assertThat(start.path("first_rank_waited_seconds").asDouble()).isEqualTo(4.5);
    assertThat(start.path("last_rank_held_up_others_seconds").asDouble()).isEqualTo(3.0);
  }

  @Test
  void aRankThatMovesDoesNotDoSoSilently() {
    place(0, ONE, 0);
    place(0, ONE, 0);
    assertThat(books.notices(List.of())).isEmpty();

    place(0, TWO, 0);

    assertThat(books.notices(List.of())).containsExactly("Rank 0 moved from a:1 to b:1");
  }

  @Test
  void stragglersAndMessagesOfAPassAreTold() throws IOException {
    place(0, ONE, 0);
    place(1, TWO, 0);
    books.accept(new RankMeetings(0, 0, 10, 1, 5, 39, 400));
    books.accept(new RankMeetings(1, 0, 10, 9, 2 * SECOND, 40, 420));

    JsonNode barrier = written(json -> books.writeBarrier(json, 0)).path("barrier");

    assertThat(barrier.path("meetings").asLong()).isEqualTo(10);
    assertThat(barrier.path("job_manager_messages").asLong()).isEqualTo(40);
    assertThat(barrier.path("job_manager_messages_per_meeting").asDouble()).isEqualTo(4.0);
    assertThat(barrier.path("stragglers").path(0).path("rank").asInt()).isEqualTo(1);
    assertThat(barrier.path("stragglers").path(0).path("worker").asText()).isEqualTo("b:1");
    assertThat(barrier.path("stragglers").path(0).path("held_up_others_seconds").asDouble())
        .isEqualTo(2.0);
  }

  @Test
  void bothRecordsTravel() throws IOException {
    RankPlace place = new RankPlace(3, ONE, 17);
    RankMeetings met = new RankMeetings(1, 2, 3, 4, 5, 6, 7);

    assertThat(MetricsCodec.decode(MetricsCodec.encode(place))).isEqualTo(place);
    assertThat(MetricsCodec.decode(MetricsCodec.encode(met))).isEqualTo(met);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.workload.config.Origin;
import io.dlioflink.workload.config.Setting;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
  private static JsonNode written(RunContext context) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      new Provenance(context).write(json, List.of(SyntheticRun.host(3)));
      json.writeEndObject();
    }
    return new ObjectMapper().readTree(text.toString()).get("provenance");
  }

  @Test
  void itNamesProgramPlatformHostsAndSettingsWithTheirOrigins() throws IOException {
    JsonNode provenance =
        written(
            new RunContext(
                List.of("++workload.train.seed=7"),
                List.of(
                    new Setting("train.seed", "7", new Origin.CommandLine("train.seed=7")),
                    new Setting("train.epochs", "2", new Origin.FileLine("a.yaml", 12)))));

    assertThat(provenance.path("version").asText()).matches("\\d+\\.\\d+.*");
    assertThat(provenance.path("git_revision").asText()).matches("unknown|[0-9a-f]{7,}(-dirty)?");
    assertThat(provenance.path("flink_version").asText()).isNotEmpty();
    assertThat(provenance.path("java_version").asText()).isEqualTo(Runtime.version().toString());
    assertThat(provenance.at("/libraries/HdrHistogram").asText()).matches("\\d+\\.\\d+.*");
    assertThat(provenance.at("/hosts/0/memory_bytes").asLong()).isEqualTo(4L << 30);
    assertThat(SinkFixture.texts(provenance.get("overrides")))
        .containsExactly("++workload.train.seed=7");
    assertThat(provenance.at("/settings/1/origin").asText()).isEqualTo("a.yaml:12");
    assertThat(provenance.get("seeds").get("train.seed").asText()).isEqualTo("7");
  }

  @Test
  void whatTheBuildDidNotKnowIsUnknown() {
    Properties properties = new Properties();
    properties.setProperty("version", "1.2");
    properties.setProperty("git.revision", "${git.commit.id.describe-short}");

    BuildInfo build = BuildInfo.of(properties);

    assertThat(build.version()).isEqualTo("1.2");
    assertThat(build.gitRevision()).isEqualTo("unknown");
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests against the schemas that the Flink Kubernetes operator publishes. */
class KubernetesManifestsTest {
  private static final Path FLINK_CONF = Path.of("../flink-conf");

  /** The newest Flink version the published schema knows; ours is newer, all else must agree. */
  private static final String KNOWN_FLINK_VERSION = "v1_20";

  private static Map<String, Object> yaml(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return yaml(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> yaml(InputStream in) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(16 << 20);
    return new Yaml(new SafeConstructor(options)).load(in);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static Map<String, Object> schema(String plural) throws IOException {
    String resource = "/META-INF/fabric8/" + plural + ".flink.apache.org-v1.yml";
    try (InputStream in = KubernetesManifestsTest.class.getResourceAsStream(resource)) {
      Map<String, Object> definition = yaml(in);
      Map<String, Object> version = map(list(map(definition.get("spec")).get("versions")).get(0));
      return map(map(version.get("schema")).get("openAPIV3Schema"));
    }
  }

  /** What is wrong with a value; a field that the schema does not know would be dropped. */
  private static List<String> problems(String path, Object value, Map<String, Object> schema) {
    List<String> problems = new ArrayList<>();
    if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
      if (!(value instanceof String) && !(value instanceof Integer)) {
        problems.add(path + ": neither a number nor a text");
      }
      return problems;
    }
    String type = String.valueOf(schema.get("type"));
    boolean fits =
        switch (type) {
          case "object" -> value instanceof Map;
          case "array" -> value instanceof List;
          case "string" -> value instanceof String;
          case "integer" -> value instanceof Integer || value instanceof Long;
          case "number" -> value instanceof Number;
          case "boolean" -> value instanceof Boolean;
          default -> false;
        };
    if (!fits) {
      problems.add("%s: %s is not of type %s".formatted(path, value, type));
    } else if (schema.containsKey("enum") && !list(schema.get("enum")).contains(value)) {
      problems.add("%s: %s is none of %s".formatted(path, value, schema.get("enum")));
    } else if (value instanceof Map) {
      for (Map.Entry<String, Object> field : map(value).entrySet()) {
        String place = path + "." + field.getKey();
        Map<String, Object> known = map(schema.getOrDefault("properties", Map.of()));
        Object fieldSchema = known.getOrDefault(field.getKey(), schema.get("additionalProperties"));
        problems.addAll(
            fieldSchema == null
                ? List.of(place + ": unknown")
                : problems(place, field.getValue(), map(fieldSchema)));
      }
    } else if (value instanceof List) {
      int index = 0;
      for (Object element : list(value)) {
        problems.addAll(problems(path + "[" + index++ + "]", element, map(schema.get("items"))));
      }
    }
    return problems;
  }

  @ParameterizedTest
  @CsvSource({
    "session-cluster.yaml, FlinkDeployment, flinkdeployments",
    "session-job.yaml, FlinkSessionJob, flinksessionjobs"
  })
  void aManifestKeepsTheSchemaOfItsKind(String file, String kind, String plural)
      throws IOException {
    Map<String, Object> manifest = yaml(FLINK_CONF.resolve("kubernetes").resolve(file));

    assertThat(manifest)
        .containsEntry("apiVersion", "flink.apache.org/v1beta1")
        .containsEntry("kind", kind)
        .containsOnlyKeys("apiVersion", "kind", "metadata", "spec");
    Map<String, Object> spec = map(manifest.get("spec"));
    if (spec.containsKey("flinkVersion")) {
      assertThat(spec.put("flinkVersion", KNOWN_FLINK_VERSION)).isEqualTo("v2_3");
    }
    assertThat(problems("spec", spec, map(map(schema(plural).get("properties")).get("spec"))))
        .isEmpty();
  }

  @Test
  void theCheckFindsWhatIsWrong() throws IOException {
    Map<String, Object> spec = map(map(schema("flinkdeployments").get("properties")).get("spec"));

    assertThat(
            problems(
                "spec",
                Map.of("mode", "alone", "taskManager", Map.of("replicas", "2"), "replica", 1),
                spec))
        .containsExactlyInAnyOrder(
            "spec.mode: alone is none of [native, standalone]",
            "spec.taskManager.replicas: 2 is not of type integer",
            "spec.replica: unknown");
  }

  @Test
  void theJobRunsOnTheClusterAndFillsIt() {
    Path folder = FLINK_CONF.resolve("kubernetes");
    Map<String, Object> cluster = yaml(folder.resolve("session-cluster.yaml"));
    Map<String, Object> job = map(yaml(folder.resolve("session-job.yaml")).get("spec"));
    Map<String, Object> spec = map(cluster.get("spec"));
    int slots =
        Integer.parseInt(
            (String) map(spec.get("flinkConfiguration")).get("taskmanager.numberOfTaskSlots"));
    int taskManagers = (Integer) map(spec.get("taskManager")).get("replicas");

    assertThat(job.get("deploymentName")).isEqualTo(map(cluster.get("metadata")).get("name"));
    assertThat(map(job.get("job")).get("parallelism")).isEqualTo(slots * taskManagers);
    assertThat(list(map(job.get("job")).get("args")))
        .contains("--accelerators=" + slots * taskManagers);
  }

  @Test
  void theSettingsAreThoseOfTheConfigurationFile() {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", yaml(FLINK_CONF.resolve("config.yaml")), flat);
    Map<String, Object> spec =
        map(yaml(FLINK_CONF.resolve("kubernetes/session-cluster.yaml")).get("spec"));

    map(spec.get("flinkConfiguration"))
        .forEach((key, value) -> assertThat(flat).as(key).containsEntry(key, value.toString()));
  }

  private static void flatten(String prefix, Map<String, Object> tree, Map<String, String> flat) {
    tree.forEach(
        (key, value) -> {
          if (value instanceof Map) {
            flatten(prefix + key + ".", map(value), flat);
          } else {
            flat.put(prefix + key, String.valueOf(value));
          }
        });
  }
}

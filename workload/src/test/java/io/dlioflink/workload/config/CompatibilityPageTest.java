/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of keys in {@code docs/dlio-compatibility.md} is made from the code. */
class CompatibilityPageTest {
  private static final Path PAGE = Path.of("..", "docs", "dlio-compatibility.md");
  private static final String BEGIN = "<!-- keys: made by CompatibilityPageTest -->\n";
  private static final String END = "<!-- end of keys -->\n";
  private static final String COMMAND =
      "mvn -pl workload test -Dtest=CompatibilityPageTest -Ddlio-flink.write-docs=true";

  @Test
  void everyKeyHasBeenCompared() {
    List<String> missing =
        WorkloadKeys.all().stream()
            .filter(key -> key.compatibility().isEmpty())
            .map(KeyInfo::path)
            .toList();
    assertThat(missing).as("keys without an entry in KeyComparison").isEmpty();
  }

  @Test
  void nothingIsComparedThatIsOursAndCalledDlios() {
    assertThat(WorkloadKeys.all())
        .filteredOn(key -> key.doc().contains("not a key of DLIO"))
        .allSatisfy(
            key ->
                assertThat(key.compatibility().orElseThrow().kind())
                    .as(key.path())
                    .isEqualTo(KeyCompatibility.Kind.OURS));
  }

  @Test
  void thePageHasTheKeysOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).as("marker in " + PAGE).isBetween(BEGIN.length(), end);
    if (Boolean.getBoolean("dlio-flink.write-docs")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }
    assertThat(page.substring(begin, end))
        .as("%s is behind the code; %s brings it up to date", PAGE, COMMAND)
        .isEqualTo(table());
  }

  private static String table() {
    Set<String> sections = new TreeSet<>();
    StringBuilder table = new StringBuilder();
    for (KeyInfo key : WorkloadKeys.all()) {
      String section = key.path().replaceFirst("\\..*", "");
      if (key.path().contains(".") && sections.add(section)) {
        table.append("| **").append(section).append("** | | | |\n");
      }
      table.append(row(key));
    }
    return "\n| key | default | meaning | here |\n|---|---|---|---|\n" + table + "\n";
  }

  private static String row(KeyInfo key) {
    KeyCompatibility here = key.compatibility().orElseThrow();
    String meaning = key.doc().replaceFirst(" Notice: .*", "").replace(" (not a key of DLIO)", "");
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            key.path(),
            key.defaultValue().equals("null") ? "" : "`" + key.defaultValue() + "`",
            cell(meaning),
            cell(
                here.kind() == KeyCompatibility.Kind.SAME && here.sentence().isEmpty()
                    ? "same"
                    : here.kind().word()
                        + (here.sentence().isEmpty() ? "" : ": " + here.sentence())));
  }

  private static String cell(String text) {
    return text.lines().collect(Collectors.joining(" ")).replace("|", "\\|");
  }
}

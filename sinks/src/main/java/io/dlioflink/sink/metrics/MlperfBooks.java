/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.mlperf.Finding;
import io.dlioflink.workload.mlperf.MlperfRules;
import io.dlioflink.workload.mlperf.MlperfSubject;
import io.dlioflink.workload.mlperf.MlperfVerdict;
import io.dlioflink.workload.mlperf.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the rules of MLPerf Storage say about a run, if they were asked for. */
final class MlperfBooks {
  private final Workload workload;
  private final RunContext context;
  private Optional<MlperfVerdict> verdict = Optional.empty();

  MlperfBooks(Workload workload, RunContext context) {
    this.workload = workload;
    this.context = context;
  }

  /** Judges a finished run; one that breaks a rule it was to keep is not valid. */
  TrainResults judge(TrainResults results, List<RankBooks> ranks) {
    if (context.mlperf() == null) {
      return results;
    }
    MlperfVerdict judged =
        MlperfRules.check(
            context.mlperf(),
            new MlperfSubject(
                workload,
                context.settings(),
                context.overrides(),
                results.everyRankStarted() ? Optional.of(site(ranks)) : Optional.empty(),
                OptionalDouble.of(results.trainAu().mean())));
    verdict = Optional.of(judged);
    return results.withComplaints(
        judged.violations().stream()
            .map(
                finding ->
                    "MLPerf %s, %s: expected %s; found %s"
                        .formatted(
                            judged.division(), finding.rule(), finding.expected(), finding.found()))
            .toList());
  }

  private static Site site(List<RankBooks> ranks) {
    Map<String, Site.Host> hosts = new LinkedHashMap<>();
    for (RankBooks rank : ranks) {
      HostFacts facts = Objects.requireNonNull(rank.hello()).host();
      hosts.merge(
          facts.hostname(),
          new Site.Host(facts.hostname(), facts.memoryBytes(), 1),
          (host, one) -> new Site.Host(host.name(), host.memoryBytes(), host.accelerators() + 1));
    }
    return new Site(new ArrayList<>(hosts.values()));
  }

  /** For the console; none if nobody asked. */
  List<String> lines() {
    return verdict.map(MlperfVerdict::lines).orElse(List.of());
  }

  /** The field {@code mlperf} of a report; none if nobody asked. */
  void write(JsonGenerator json) throws IOException {
    if (verdict.isEmpty()) {
      return;
    }
    MlperfVerdict judged = verdict.get();
    json.writeObjectFieldStart("mlperf");
    json.writeStringField("rules", MlperfVerdict.RULES);
    json.writeStringField("workload", judged.published());
    json.writeStringField("asked_for", judged.division().name());
    json.writeStringField("result", judged.standing().name());
    json.writeArrayFieldStart("findings");
    for (Finding finding : judged.findings()) {
      json.writeStartObject();
      json.writeStringField("result", finding.standing().name());
      json.writeStringField("rule", finding.rule());
      json.writeStringField("expected", finding.expected());
      json.writeStringField("found", finding.found());
      json.writeEndObject();
    }
    json.writeEndArray();
    JsonTexts.write(json, "a_submission_also_needs", judged.stillNeeded());
    json.writeEndObject();
  }
}

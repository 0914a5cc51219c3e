/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.workload.config.Setting;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * Where the figures of a report come from: program, platform, hosts and every effective setting.
 * The reports of all phases carry it in the same form. Holds no secrets.
 */
public final class Provenance {
  private final RunContext context;

  public Provenance(RunContext context) {
    this.context = context;
  }

  /** What it rests on. */
  RunContext context() {
    return context;
  }

  /**
   * Writes the field {@code provenance}.
   *
   * @param hosts that took part
   */
  public void write(JsonGenerator json, List<HostFacts> hosts) throws IOException {
    BuildInfo build = BuildInfo.ofThisProgram();
    json.writeObjectFieldStart("provenance");
    json.writeStringField("program", "dlio-flink");
    json.writeStringField("version", build.version());
    json.writeStringField("git_revision", build.gitRevision());
    json.writeStringField("flink_version", EnvironmentInformation.getVersion());
    json.writeStringField("java_version", System.getProperty("java.runtime.version"));
    json.writeStringField("java_vm", System.getProperty("java.vm.name"));
    json.writeStringField("os", System.getProperty("os.name"));
    json.writeStringField("os_version", System.getProperty("os.version"));
    json.writeStringField("architecture", System.getProperty("os.arch"));
    json.writeObjectFieldStart("libraries");
    for (Map.Entry<String, String> library : build.libraries().entrySet()) {
      json.writeStringField(library.getKey(), library.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("hosts");
    for (HostFacts host : hosts) {
      json.writeStartObject();
      json.writeStringField("hostname", host.hostname());
      json.writeNumberField("cpus", host.cpus());
      json.writeNumberField("memory_bytes", host.memoryBytes());
      json.writeStringField("processor", host.processor());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("seeds");
    for (Setting setting : context.settings()) {
      if (setting.key().endsWith("seed")) {
        json.writeStringField(setting.key(), setting.value());
      }
    }
    json.writeEndObject();
    JsonTexts.write(json, "overrides", context.overrides());
    json.writeArrayFieldStart("settings");
    for (Setting setting : context.settings()) {
      json.writeStartObject();
      json.writeStringField("key", setting.key());
      json.writeStringField("value", setting.value());
      json.writeStringField("origin", setting.origin().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}

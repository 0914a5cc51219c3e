/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** A field of a report that is a list of texts. */
final class JsonTexts {
  private JsonTexts() {}

  static void write(JsonGenerator json, String field, List<String> values) throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}

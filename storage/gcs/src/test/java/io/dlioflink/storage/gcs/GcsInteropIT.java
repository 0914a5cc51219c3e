/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.PythonScript;
import io.dlioflink.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Objects that we write are read by google-cloud-storage for Python, and the reverse. */
class GcsInteropIT {
  private static final Location ROOT = Location.parse("gs://bucket/deep/prefix");

  @Test
  void pythonReadsWhatWeWriteAndWeReadWhatItWrites() throws Exception {
    PythonScript python = new PythonScript("objects.py");
    python.assumeModule("google.cloud.storage");
    try (GcsServer server = GcsServer.start()) {
      server.createBucket("bucket");
      Map<String, String> options = new HashMap<>(server.options());
      options.put("gs_chunk_bytes", "262144");
      try (Storage storage = new GcsStorage(GcsSettings.of(options, Map.of()))) {
        Map<String, byte[]> written = new TreeMap<>();
        written.put("chunks", content(1, 1_000_000));
        written.put("empty", new byte[0]);
        written.put("one request, ünïcödé 100%41", content(2, 1_000));
        StringBuilder expected = new StringBuilder();
        for (Map.Entry<String, byte[]> object : written.entrySet()) {
          write(storage, ROOT.child(object.getKey()), object.getValue());
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(object.getValue());
          expected.append(
              "deep/prefix/%s %d %s\n"
                  .formatted(
                      object.getKey(), object.getValue().length, HexFormat.of().formatHex(digest)));
        }

        assertThat(python.run(server.address(), "bucket", "deep/prefix"))
            .isEqualTo(expected.toString());
        assertThat(read(storage, ROOT.child("of python")))
            .asString(StandardCharsets.UTF_8)
            .isEqualTo("written by Python");
      }
    }
  }
}

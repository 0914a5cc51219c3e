/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

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

/** Blobs that we write are read by azure-storage-blob for Python, and the reverse. */
class AzureInteropIT {
  private static final Location ROOT = Location.parse("az://container/deep/prefix");

  @Test
  void pythonReadsWhatWeWriteAndWeReadWhatItWrites() throws Exception {
    PythonScript python = new PythonScript("blobs.py");
    python.assumeModule("azure.storage.blob");
    try (AzureServer server = AzureServer.start()) {
      server.createContainer("container");
      Map<String, String> options = new HashMap<>(server.options());
      options.put("az_block_bytes", "65536");
      try (Storage storage = new AzureStorage(AzureSettings.of(options, Map.of()))) {
        Map<String, byte[]> written = new TreeMap<>();
        written.put("blocks", content(1, 1_000_000));
        written.put("empty", new byte[0]);
        written.put("one request, ünïcödé 100%41", content(2, 1_000));
        StringBuilder expected = new StringBuilder();
        for (Map.Entry<String, byte[]> blob : written.entrySet()) {
          write(storage, ROOT.child(blob.getKey()), blob.getValue());
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob.getValue());
          expected.append(
              "deep/prefix/%s %d %s\n"
                  .formatted(
                      blob.getKey(), blob.getValue().length, HexFormat.of().formatHex(digest)));
        }

        assertThat(python.run(server.connectionString(), "container", "deep/prefix"))
            .isEqualTo(expected.toString());
        assertThat(read(storage, ROOT.child("of python")))
            .asString(StandardCharsets.UTF_8)
            .isEqualTo("written by Python");
      }
    }
  }
}

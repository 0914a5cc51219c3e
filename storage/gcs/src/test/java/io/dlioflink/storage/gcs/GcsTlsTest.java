/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.UntrustedServerContract;
import java.util.Map;

class GcsTlsTest extends UntrustedServerContract {
  @Override
  protected Location file() {
    return Location.parse("gs://bucket/file");
  }

  @Override
  protected Storage open(String endpoint) {
    return new GcsStorage(
        GcsSettings.of(Map.of("endpoint_url", endpoint, "gs_max_attempts", "1"), Map.of()));
  }
}

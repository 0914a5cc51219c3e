/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.UntrustedServerContract;
import java.util.Map;

class AzureTlsTest extends UntrustedServerContract {
  @Override
  protected Location file() {
    return Location.parse("az://container/file");
  }

  @Override
  protected Storage open(String endpoint) {
    return new AzureStorage(
        AzureSettings.of(
            Map.of(
                "account_key", "c2VjcmV0",
                "endpoint_url", endpoint + "/shop",
                "az_max_attempts", "1"),
            Map.of()));
  }
}

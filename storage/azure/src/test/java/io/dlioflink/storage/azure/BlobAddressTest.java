/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlobAddressTest {

  @ParameterizedTest
  @CsvSource({
    // account set, location, account, container, name, a blob below it
    "shop, az://data/train/a, shop, data, train/a, az://data/x",
    "shop, az://data, shop, data, '', az://data/x",
    "shop, az://shop/data/train/a, shop, data, train/a, az://shop/data/x",
    "shop, az://shop/data, shop, data, '', az://shop/data/x",
    "shop, az://shop/shop/a, shop, shop, a, az://shop/shop/x",
    ", az://shop/data/train/a, shop, data, train/a, az://shop/data/x",
    ", az://shop/data, shop, data, '', az://shop/data/x",
  })
  void theAuthorityIsTheContainerIfAnotherAccountIsSet(
      String set, String text, String account, String container, String name, String below)
      throws StorageException {
    Location location = Location.parse(text);
    BlobAddress address = BlobAddress.of(location, Optional.ofNullable(set));

    assertThat(address.account()).isEqualTo(account);
    assertThat(address.container()).isEqualTo(container);
    assertThat(address.name()).isEqualTo(name);
    assertThat(address.locate(location, "x")).isEqualTo(Location.parse(below));
  }

  @ParameterizedTest
  @CsvSource({"shop, az://shop", ", az://shop", "shop, az://"})
  void aLocationWithoutAContainerIsRefused(String set, String text) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> BlobAddress.of(Location.parse(text), Optional.ofNullable(set)))
        .withMessageStartingWith("No container is named (az://CONTAINER/NAME with an account in")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

/** The same with the library alone, which the lean path is compared with. */
final class AzureSdkStorageTest extends AzureStorageTest {
  @Override
  String client() {
    return "sdk";
  }
}

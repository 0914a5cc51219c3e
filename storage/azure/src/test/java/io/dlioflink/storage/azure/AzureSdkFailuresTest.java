/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

/** The same with the library alone, which the lean path is compared with. */
final class AzureSdkFailuresTest extends AzureFailuresTest {
  @Override
  String client() {
    return "sdk";
  }

  @Override
  String tooLong() {
    return "within 1 s, az_request_timeout_seconds";
  }

  @Override
  boolean goesOnWithBodies() {
    return true;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.util.Map;

/** The contract, with objects in S3Proxy, moved by the SDK. */
final class SdkStorageTest extends S3StorageTest {
  @Override
  Map<String, String> options() {
    return Map.of("s3_client", "sdk");
  }
}

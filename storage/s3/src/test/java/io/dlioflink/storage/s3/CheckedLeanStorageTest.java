/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.util.Map;

/** The contract, with objects in S3Proxy, moved by our own HTTP and with checksums. */
final class CheckedLeanStorageTest extends S3StorageTest {
  @Override
  Map<String, String> options() {
    return Map.of("s3_client", "lean", "s3_checksums", "when_supported");
  }
}

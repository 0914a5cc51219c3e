/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

/** The same failures, with bytes that the SDK moves. */
final class SdkStorageFailuresTest extends S3FailuresTest {
  @Override
  String client() {
    return "sdk";
  }
}

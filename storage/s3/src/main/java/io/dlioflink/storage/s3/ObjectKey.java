/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;

/**
 * The name of an object.
 *
 * @param bucket without slashes
 * @param key as the store has it, not encoded
 */
record ObjectKey(String bucket, String key) {

  static ObjectKey of(Location location) {
    return new ObjectKey(location.authority(), location.path());
  }
}

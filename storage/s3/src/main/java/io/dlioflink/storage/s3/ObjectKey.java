/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;

/**
 * The name of an object.
 *
 * @param bucket without slashes
 * @param key as the store has it, not encoded
 */
record ObjectKey(String bucket, String key) {

  static ObjectKey of(Location location) throws StorageException {
    if (location.authority().isEmpty() || location.path().isEmpty()) {
      throw new StorageException(
          Reason.UNSUPPORTED,
          location,
          "An object needs a bucket and a key, as in s3://bucket/key");
    }
    return new ObjectKey(location.authority(), location.path());
  }
}

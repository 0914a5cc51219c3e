/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;

/**
 * A file of a dataset.
 *
 * @param root dataset folder
 * @param path of the file below it
 */
public record DatasetFile(Location root, String path) {

  /** Where it is. */
  public Location location() {
    return root.child(path);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import java.io.Serializable;

/**
 * Files sorted by their full path instead of by name: sub-folder after sub-folder. Files are dealt
 * to the sub-folders in turn, as DLIO's generator does.
 *
 * @param files how many
 * @param subfolders 0 or 1: flat
 */
record PathOrder(long files, int subfolders) implements Serializable {

  /** The file, counted by name, at a position by path. */
  long fileAt(long position) {
    if (subfolders <= 1) {
      return position;
    }
    long shorter = files / subfolders;
    long longerFolders = files % subfolders;
    long inLongerFolders = longerFolders * (shorter + 1);
    if (position < inLongerFolders) {
      return position / (shorter + 1) + position % (shorter + 1) * subfolders;
    }
    long rest = position - inLongerFolders;
    return longerFolders + rest / shorter + rest % shorter * subfolders;
  }
}

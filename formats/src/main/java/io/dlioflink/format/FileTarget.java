/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.StorageWriter;
import java.io.IOException;

/** Where a dataset file and its companions are written. */
public interface FileTarget {

  /** The file itself. Its owner commits it after all companions, and closes it. */
  StorageWriter data();

  /**
   * Starts a companion; the caller commits and closes it.
   *
   * @param index in {@link SampleFormat#companionPaths}
   */
  StorageWriter openCompanion(int index) throws IOException;
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import io.dlioflink.workload.FileFormat;

/**
 * The same files as {@link IndexedBinaryFormat} under another name. DLIO maps them into memory and
 * never touches the mapped samples, so it measures no reads; here each sample is read like one of
 * {@link IndexedBinaryFormat}.
 *
 * <p>Source: DLIO {@code reader/indexed_binary_mmap_reader.py}.
 */
public final class MmapIndexedBinaryFormat extends RawSamplesFormat {

  /** The format. */
  public MmapIndexedBinaryFormat() {
    super(FileFormat.MMAP_INDEXED_BINARY);
  }
}

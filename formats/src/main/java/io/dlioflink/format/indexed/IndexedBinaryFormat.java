/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import io.dlioflink.workload.FileFormat;

/**
 * Raw samples one after the other, and beside each file {@code <file>.off.idx} and {@code
 * <file>.sz.idx}: offset and size of each sample in bytes, as little-endian u64. Exactly the bytes
 * of a sample are read, and those of its two entries.
 *
 * <p>Offsets count from the start of the file. DLIO's generator starts them anew with every full
 * generation buffer and may pad files; its reader, like this one, reads what the index says.
 *
 * <p>Source: DLIO {@code data_generator/indexed_binary_generator.py}, {@code
 * reader/indexed_binary_reader.py}.
 */
public final class IndexedBinaryFormat extends RawSamplesFormat {

  /** The format. */
  public IndexedBinaryFormat() {
    super(FileFormat.INDEXED_BINARY);
  }
}

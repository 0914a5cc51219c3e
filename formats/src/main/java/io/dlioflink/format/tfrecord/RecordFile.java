/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.io.IOException;

/** What a decoder knows of one file. */
final class RecordFile {
  private final FileKind kind;
  private RecordOffsets offsets = new RecordOffsets();
  private boolean indexTried;

  /** The index the offsets are from; null if they are from the file itself. */
  private String origin;

  /** A file of which nothing else is known yet. */
  RecordFile(FileKind kind) {
    this.kind = kind;
  }

  FileKind kind() {
    return kind;
  }

  RecordOffsets offsets() {
    return offsets;
  }

  /** Where the offsets are from, for messages; null if from the file itself. */
  String origin() {
    return origin;
  }

  /**
   * Reads the index beside the file, once; it replaces what is known without it.
   *
   * @param complete whether the index must have exactly as many records
   */
  void readIndex(FileInput input, RecordIndex index, int samples, boolean complete)
      throws IOException {
    if (indexTried) {
      return;
    }
    indexTried = true;
    RecordOffsets indexed = new RecordOffsets();
    if (index.read(input, indexed, samples, complete)) {
      offsets = indexed;
      origin = index.location().toString();
    }
  }

  /**
   * Is told where a record was found to end.
   *
   * @throws BrokenFileException if another end was known
   */
  void endsAt(RecordBytes bytes, int record, long end) throws BrokenFileException {
    long known = offsets.find(record + 1);
    if (known == RecordOffsets.UNKNOWN) {
      if (record == offsets.last()) {
        offsets.append(end);
      }
    } else if (known != end) {
      throw bytes.broken(
          end,
          "record %d ends here, %s has it end at byte %d"
              .formatted(record, origin == null ? "an earlier read" : origin, known));
    }
  }
}

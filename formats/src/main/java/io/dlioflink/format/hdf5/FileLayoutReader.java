/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.jhdf.Superblock;
import io.jhdf.SymbolTableEntry;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the layout of a file: superblock, root group, datasets of records, chunk indexes. */
final class FileLayoutReader {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  /** Superblocks are shorter. */
  private static final int SUPERBLOCK_BYTES = 128;

  /** A superblock stands at the start, or at a power of two from 512 on. */
  private static final long FIRST_USER_BLOCK_BYTES = 512;

  private static final long LARGEST_USER_BLOCK_BYTES = 1 << 20;

  /** What DLIO's MLPerf branch calls its only dataset. */
  private static final String SINGLE_RECORDS = "records";

  private final ReadSpec spec;

  FileLayoutReader(ReadSpec spec) {
    this.spec = spec;
  }

  FileLayout read(FileInput file) throws IOException {
    MetadataInput input = new MetadataInput(file);
    try {
      return read(input);
    } catch (RuntimeException | StackOverflowError e) {
      if (input.failure() != null) {
        throw input.failure();
      }
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof UnsupportedHdfException) {
          throw input.unsupportedHere(String.valueOf(cause.getMessage()));
        }
      }
      throw input.brokenHere("metadata: " + problem(e));
    }
  }

  private static String problem(Throwable e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost.getMessage() == null
        ? innermost.getClass().getSimpleName()
        : innermost.getMessage();
  }

  private FileLayout read(MetadataInput input) throws IOException {
    long offset = findSignature(input);
    Superblock superblock = readSuperblock(input, offset);
    input.use(superblock, offset);
    RootGroup root = new RootGroup(input, rootAddress(input, superblock));
    List<StoredDataset> records = new ArrayList<>();
    DatasetReader datasets = new DatasetReader(input, spec);
    int count = spec.encoding().hdf5().datasetsPerRecord();
    for (int dataset = 0; dataset < count; dataset++) {
      String name = FileMetadata.records(dataset);
      if (count == 1 && !root.contains(name) && root.contains(SINGLE_RECORDS)) {
        name = SINGLE_RECORDS;
      }
      records.add(datasets.read(name, root.require(name)));
    }
    return new FileLayout(offset == 0 ? superblock.getEndOfFileAddress() : -1, records);
  }

  private static long findSignature(MetadataInput input) throws IOException {
    byte[] found = new byte[SIGNATURE.length];
    input.read(0, SIGNATURE.length).get(found);
    if (Arrays.equals(found, SIGNATURE)) {
      return 0;
    }
    byte[] first = found.clone();
    for (long at = FIRST_USER_BLOCK_BYTES; at <= LARGEST_USER_BLOCK_BYTES; at *= 2) {
      try {
        input.read(at, SIGNATURE.length).get(found);
      } catch (io.dlioflink.format.BrokenFileException e) {
        break;
      }
      if (Arrays.equals(found, SIGNATURE)) {
        return at;
      }
    }
    throw input.broken(
        0,
        "found %s, expected the HDF5 signature %s"
            .formatted(
                java.util.HexFormat.of().formatHex(first),
                java.util.HexFormat.of().formatHex(SIGNATURE)));
  }

  private static Superblock readSuperblock(MetadataInput input, long offset) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SUPERBLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    // The file may end before: version 2 has 48 bytes.
    for (int bytes = SUPERBLOCK_BYTES; ; bytes /= 2) {
      try {
        block.put(input.read(offset, bytes));
        break;
      } catch (io.dlioflink.format.BrokenFileException e) {
        if (bytes < SIGNATURE.length) {
          throw e;
        }
      }
    }
    Superblock superblock = Superblock.readSuperblock(block.flip());
    if (superblock.getBaseAddressByte() != offset) {
      throw input.unsupported(
          offset,
          "superblock with base address %d, read at %d"
              .formatted(superblock.getBaseAddressByte(), offset));
    }
    return superblock;
  }

  private static long rootAddress(MetadataInput input, Superblock superblock) {
    if (superblock instanceof Superblock.SuperblockV0V1 old) {
      return new SymbolTableEntry(input, old.getRootGroupSymbolTableAddress())
          .getObjectHeaderAddress();
    }
    return ((Superblock.SuperblockV2V3) superblock).getRootGroupObjectHeaderAddress();
  }
}

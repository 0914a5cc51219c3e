/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.FileFormat;
import java.util.OptionalLong;
import java.util.Set;

/**
 * HDF5 files: datasets {@code records_0} to {@code records_{D-1}} of shape {@code (samples,
 * *dims)}, a sample being its rows in all of them, and {@code labels}, zeros. Without compression
 * and chunks they are the files h5py writes, byte for byte.
 *
 * <p>jHDF reads superblocks, groups, types, layouts and chunk indexes from ranges of the file, and
 * writes layouts, indexes and checksums; elements never pass through it.
 *
 * <p>Sources: HDF5 File Format Specification 3.0; DLIO {@code data_generator/hdf5_generator.py}.
 */
public final class Hdf5Format implements SampleFormat {

  @Override
  public FileFormat format() {
    return FileFormat.HDF5;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of(Compression.GZIP, Compression.LZF);
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new Hdf5Encoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new Hdf5Decoder(spec);
  }

  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    CreationProperties properties = CreationProperties.of(file);
    FileMetadata.requireIndexable(properties);
    if (properties.filtered()) {
      return OptionalLong.empty();
    }
    StoredChunks chunks =
        properties.chunked() ? StoredChunks.unfiltered(properties) : StoredChunks.none();
    return OptionalLong.of(new FileMetadata(file, properties, chunks).fileBytes());
  }
}

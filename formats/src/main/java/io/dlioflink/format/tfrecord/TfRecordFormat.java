/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.FileFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * TensorFlow's record files: per sample one {@code tf.train.Example} with the features {@code
 * image} and {@code size}, and beside each file the text index that DALI asks for, {@code
 * index/train/<file name>.idx}.
 *
 * <p>Compression {@code gzip} compresses the file as a whole, as TensorFlow's option {@code GZIP}
 * does; DLIO never compresses. Its index then counts in the uncompressed file. Readers tell plain,
 * gzip and zlib files apart by themselves.
 *
 * <p>A sample read is the feature {@code image}, or, in files of others, all values of all
 * features, in their encoded size.
 *
 * <p>Sources: DLIO {@code data_generator/tf_generator.py}; TensorFlow {@code
 * core/lib/io/record_writer.cc}, {@code core/example/example.proto}; DALI {@code
 * tools/tfrecord2idx}.
 */
public final class TfRecordFormat implements SampleFormat {
  private static final String VALID = "valid";

  @Override
  public FileFormat format() {
    return FileFormat.TFRECORD;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of(Compression.GZIP);
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new TfRecordEncoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new TfRecordDecoder(spec);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a sample does not fit a message, 2 GiB
   */
  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    if (file.compression() == Compression.GZIP) {
      return OptionalLong.empty();
    }
    long recordBytes = ExampleLayout.of(file.sampleBytes()).recordBytes();
    return OptionalLong.of(Math.multiplyExact(recordBytes, file.samples()));
  }

  @Override
  public List<String> companionPaths(String path) {
    return List.of(indexPath(path));
  }

  /** The index of a file. Sub-folders of the dataset are not repeated in it: names are unique. */
  static String indexPath(String path) {
    String folder = path.startsWith(VALID + "/") ? VALID : "train";
    return "index/" + folder + "/" + path.substring(path.lastIndexOf('/') + 1) + ".idx";
  }
}

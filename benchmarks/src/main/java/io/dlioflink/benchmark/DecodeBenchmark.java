/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.format.StoredFileTarget;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding one file that storage holds in memory: microseconds per file. It includes the copy into
 * the decoder's buffer, which stands for the read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class DecodeBenchmark {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final DatasetFile FILE = new DatasetFile(Location.parse("/memory"), "file");

  /** Format of the file. */
  @Param({"NPZ", "NPY"})
  public FileFormat format;

  /** Bytes of the one sample. */
  @Param({"3968", "1048576"})
  public int sampleBytes;

  private MemoryStorage storage;
  private FileInput input;
  private SampleFileDecoder decoder;

  /** Encodes the file. */
  @Setup
  public void encode() throws IOException {
    SampleFormat implementation = SampleFormats.find(format).orElseThrow();
    storage = new MemoryStorage();
    FileSpec spec = new FileSpec(0, List.of(sampleBytes), ElementType.UINT8, 1, Compression.NONE);
    try (SampleFileEncoder encoder = implementation.newEncoder();
        StoredFileTarget target = new StoredFileTarget(storage, FILE, implementation)) {
      encoder.encode(spec, new RandomContent(1), target);
      target.commit();
    }
    input = new FileInput(CHUNK_BYTES);
    decoder = implementation.newDecoder(ReadSpec.of(spec));
  }

  /** Ends. */
  @TearDown
  public void close() {
    decoder.close();
  }

  /** Opens, decodes, closes. */
  @Benchmark
  public long decode() throws IOException {
    input.open(storage, FILE);
    try {
      return decoder.decode(input, 0);
    } finally {
      input.close();
    }
  }
}

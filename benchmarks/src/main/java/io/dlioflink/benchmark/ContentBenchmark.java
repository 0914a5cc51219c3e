/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Random content, 1 MiB at a time: microseconds per MiB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class ContentBenchmark {
  private static final int BYTES = 1 << 20;

  /** Element type. */
  @Param({"UINT8", "FLOAT32"})
  public ElementType elementType;

  private final ByteBuffer target = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final RandomContent content = new RandomContent(1);
  private long next;

  /** Fills a buffer. */
  @Benchmark
  public ByteBuffer fill() {
    FileSpec file =
        new FileSpec(next++ & 0xffff, List.of(1024, 1024), elementType, 1, Compression.NONE);
    content.fill(file, 0, 0, target.clear());
    return target;
  }
}

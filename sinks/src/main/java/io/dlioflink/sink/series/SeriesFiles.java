/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import java.io.File;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.RollingPolicy;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;

/**
 * Where tables go: part files of CSV, written by Flink's {@link FileSink}. A part under way has a
 * name that begins with a dot and can be read already; parts get their final names when the job has
 * ended well. In an object store, which shows nothing under way, parts come when they are full or
 * the job has ended.
 */
public final class SeriesFiles {
  /** Folder of the tables of the course of a run. */
  public static final String TIME_SERIES = "timeseries";

  /** Folder of the log of all reads. */
  public static final String ACCESS_LOG = "access_log";

  /** Names of part files, under way or finished. */
  public static final Pattern PART =
      Pattern.compile("\\.?part-.+\\.csv(\\.inprogress\\..+)?", Pattern.CASE_INSENSITIVE);

  private static final MemorySize PART_SIZE = MemorySize.ofMebiBytes(256);
  private static final Duration NEVER = Duration.ofDays(3650);

  private SeriesFiles() {}

  /**
   * A sink of the time series.
   *
   * @param output result folder
   * @param options of its storage
   */
  public static Sink<Tuple2<String, String>> timeSeries(Location output, StorageOptions options) {
    if (!output.isLocal()) {
      return new StoredParts<>(
          output.child(TIME_SERIES),
          options,
          row -> row.f0,
          new TableEncoder(),
          PART_SIZE.getBytes());
    }
    return FileSink.forRowFormat(flinkPath(output.child(TIME_SERIES)), new TableEncoder())
        .withBucketAssigner(new TableFolders())
        .withRollingPolicy(rollingPolicy())
        .withOutputFileConfig(names())
        .build();
  }

  /**
   * A sink of the access log; its records are lines of CSV, any number of them.
   *
   * @param output result folder
   * @param options of its storage
   */
  public static Sink<byte[]> accessLog(Location output, StorageOptions options) {
    if (!output.isLocal()) {
      return new StoredParts<>(
          output.child(ACCESS_LOG),
          options,
          lines -> "",
          new LinesEncoder(SeriesTable.ACCESS_LOG),
          PART_SIZE.getBytes());
    }
    return FileSink.forRowFormat(
            flinkPath(output.child(ACCESS_LOG)), new LinesEncoder(SeriesTable.ACCESS_LOG))
        .withBucketAssigner(new BasePathBucketAssigner<byte[]>())
        .withRollingPolicy(rollingPolicy())
        .withOutputFileConfig(names())
        .build();
  }

  private static <T> RollingPolicy<T, String> rollingPolicy() {
    return DefaultRollingPolicy.builder()
        .withMaxPartSize(PART_SIZE)
        .withRolloverInterval(NEVER)
        .withInactivityInterval(NEVER)
        .build();
  }

  private static OutputFileConfig names() {
    return OutputFileConfig.builder().withPartSuffix(".csv").build();
  }

  /** Flink knows no {@code direct}; such a folder is one of the mounted file system. */
  private static Path flinkPath(Location location) {
    return Path.fromLocalFile(new File(location.path()));
  }

  /** A folder per table. */
  private static final class TableFolders
      implements BucketAssigner<Tuple2<String, String>, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String getBucketId(Tuple2<String, String> row, Context context) {
      return row.f0;
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
      return SimpleVersionedStringSerializer.INSTANCE;
    }
  }
}

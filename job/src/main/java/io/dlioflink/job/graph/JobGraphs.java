/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.graph;

import io.dlioflink.job.accelerator.AcceleratorOperatorFactory;
import io.dlioflink.job.accelerator.AccessLog;
import io.dlioflink.job.checkpoint.CheckpointOperatorFactory;
import io.dlioflink.sink.dataset.FilesToCheck;
import io.dlioflink.sink.dataset.SampleFileVerifierOperatorFactory;
import io.dlioflink.sink.dataset.SampleFileWriterOperatorFactory;
import io.dlioflink.sink.dataset.WriteRequest;
import io.dlioflink.sink.metrics.MetricsSinkOperatorFactory;
import io.dlioflink.sink.metrics.MetricsSinkSettings;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.series.SeriesFiles;
import io.dlioflink.source.DatasetSource;
import io.dlioflink.source.SourceSignal;
import io.dlioflink.source.reader.ReaderSignal;
import io.dlioflink.source.reader.SampleReaderOperatorFactory;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.Workload;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.ParameterTool;

/**
 * The job graphs. Source, reader and accelerator (or writer) are one chain per rank; only small
 * records cross the network, to the one metrics sink.
 */
public final class JobGraphs {
  /** Operator names, as they stand in the web UI and in metric scopes. */
  public static final String SOURCE = "Dataset";

  public static final String READER = "Sample reader";
  public static final String ACCELERATOR = "Accelerator";
  public static final String WRITER = "Sample writer";
  public static final String CHECKPOINTS = "Checkpoints";
  public static final String VERIFIER = "Sample verifier";
  public static final String SINK = "Metrics sink";
  public static final String TIME_SERIES = "Time series";
  public static final String ACCESS_LOG = "Access log";

  /**
   * Some 50 s in all. Until Flink believes that a task manager is lost, for which it waits {@code
   * heartbeat.timeout}, it may deploy to it again, and each time in vain.
   */
  private static final int RESTARTS = 8;

  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
  private static final Duration MAX_RESTART_DELAY = Duration.ofSeconds(8);
  private static final Duration STATE_INTERVAL = Duration.ofSeconds(1);

  private JobGraphs() {}

  /** The job of a phase. */
  public static StreamGraph of(RunSpec spec, Phase phase) {
    return switch (phase) {
      case GENERATE -> generate(spec);
      case VERIFY -> verify(spec);
      case TRAIN -> train(spec);
      case CHECKPOINT -> checkpoint(spec);
    };
  }

  /**
   * Training: a lost rank ends the job, since what is left is not a result. A resumable run begins
   * the pass again in which it was lost; what that needs is in Flink's checkpoints.
   */
  public static StreamGraph train(RunSpec spec) {
    Configuration settings = spec.resumable() ? restarting() : new Configuration();
    if (!spec.resumable()) {
      settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    }
    StreamExecutionEnvironment env = environment(spec, settings);
    if (spec.resumable()) {
      // One that fails costs nothing but a later one: the state is a few numbers.
      env.enableCheckpointing(STATE_INTERVAL.toMillis());
      env.getCheckpointConfig().setTolerableCheckpointFailureNumber(Integer.MAX_VALUE);
    }
    addTraining(env, spec);
    return graph(env, spec, Phase.TRAIN);
  }

  /**
   * Generation: restarts and goes on where it was, since writing a file again gives the same file.
   */
  public static StreamGraph generate(RunSpec spec) {
    StreamExecutionEnvironment env = environment(spec, restarting());
    addGeneration(env, spec);
    return graph(env, spec, Phase.GENERATE);
  }

  private static Configuration restarting() {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, RESTART_DELAY);
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, MAX_RESTART_DELAY);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, 2.0);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, RESTARTS);
    return settings;
  }

  /** Reading a dataset back: a lost rank ends the job, since its findings are lost with it. */
  public static StreamGraph verify(RunSpec spec) {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    StreamExecutionEnvironment env = environment(spec, settings);
    addVerification(env, spec);
    return graph(env, spec, Phase.VERIFY);
  }

  /** Checkpoints alone: a lost rank ends the job, since what is left is not a checkpoint. */
  public static StreamGraph checkpoint(RunSpec spec) {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
    StreamExecutionEnvironment env = environment(spec, settings);
    DataStream<byte[]> records =
        source(
                env,
                spec,
                DatasetSource.forCheckpoints(
                    spec.workload(), spec.checkpoints(), spec.accelerators(), spec.barrier()))
            .transform(
                CHECKPOINTS,
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                new CheckpointOperatorFactory(spec.checkpointSpec()))
            .setDescription(new OperatorTexts(spec).checkpoints());
    addSink(records, spec, Phase.CHECKPOINT);
    return graph(env, spec, Phase.CHECKPOINT);
  }

  private static void addTraining(StreamExecutionEnvironment env, RunSpec spec) {
    Workload workload = spec.workload();
    OperatorTexts texts = new OperatorTexts(spec);
    List<Pass> passes = PassSchedule.of(workload, spec.accelerators());
    SingleOutputStreamOperator<byte[]> records =
        source(
                env,
                spec,
                DatasetSource.forTraining(
                    workload, spec.dataset(), spec.accelerators(), spec.barrier()))
            .transform(
                READER,
                TypeInformation.of(ReaderSignal.class),
                new SampleReaderOperatorFactory(
                    workload, passes, spec.dataset(), spec.recording().accessLog()))
            .setDescription(texts.reader())
            .transform(
                ACCELERATOR,
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                new AcceleratorOperatorFactory(
                    workload,
                    passes,
                    spec.checkpointSpec(),
                    spec.dataset(),
                    spec.recording(),
                    spec.resumable()))
            .setDescription(texts.accelerator());
    if (spec.recording().accessLog()) {
      records
          .getSideOutput(AccessLog.TAG)
          .sinkTo(SeriesFiles.accessLog(spec.output(), spec.storageOptions()))
          .name(ACCESS_LOG);
    }
    addSink(records, spec, Phase.TRAIN);
  }

  private static void addGeneration(StreamExecutionEnvironment env, RunSpec spec) {
    Workload workload = spec.workload();
    DataStream<byte[]> records =
        source(
                env,
                spec,
                DatasetSource.forGeneration(workload, spec.dataset(), spec.accelerators()))
            .flatMap(new WriteRequests())
            .returns(TypeInformation.of(WriteRequest.class))
            .name("Files to write")
            .transform(
                WRITER,
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                new SampleFileWriterOperatorFactory(workload, spec.dataset(), threads(workload)))
            .setDescription(new OperatorTexts(spec).threads(WRITER));
    addSink(records, spec, Phase.GENERATE);
  }

  private static void addVerification(StreamExecutionEnvironment env, RunSpec spec) {
    Workload workload = spec.workload();
    DataStream<byte[]> records =
        source(
                env,
                spec,
                DatasetSource.forVerification(workload, spec.dataset(), spec.accelerators()))
            .flatMap(new FilesToVerify(workload.dataset().numFiles(DatasetPart.TRAIN)))
            .returns(TypeInformation.of(FilesToCheck.class))
            .name("Files to check")
            .transform(
                VERIFIER,
                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                new SampleFileVerifierOperatorFactory(workload, spec.dataset(), threads(workload)))
            .setDescription(new OperatorTexts(spec).threads(VERIFIER));
    addSink(records, spec, Phase.VERIFY);
  }

  private static int threads(Workload workload) {
    return Math.max(1, workload.reader().readThreads());
  }

  private static DataStream<SourceSignal> source(
      StreamExecutionEnvironment env, RunSpec spec, DatasetSource source) {
    return env.fromSource(
            source,
            WatermarkStrategy.noWatermarks(),
            SOURCE,
            TypeInformation.of(SourceSignal.class))
        .setDescription(new OperatorTexts(spec).dataset());
  }

  private static void addSink(DataStream<byte[]> records, RunSpec spec, Phase phase) {
    MetricsSinkSettings settings =
        new MetricsSinkSettings(
            phase,
            spec.name(),
            spec.workload(),
            spec.accelerators(),
            spec.dataset(),
            spec.output(),
            spec.context(),
            spec.recording(),
            phase == Phase.TRAIN && spec.resumable());
    SingleOutputStreamOperator<Tuple2<String, String>> series =
        records
            .transform(
                SINK,
                Types.TUPLE(Types.STRING, Types.STRING),
                new MetricsSinkOperatorFactory(settings))
            .setDescription(new OperatorTexts(spec).sink())
            .setParallelism(1);
    if (spec.recording().timeSeries() && phase == Phase.TRAIN) {
      series
          .sinkTo(SeriesFiles.timeSeries(spec.output(), spec.storageOptions()))
          .name(TIME_SERIES)
          .setParallelism(1);
    }
  }

  private static StreamExecutionEnvironment environment(RunSpec spec, Configuration settings) {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
    env.setParallelism(spec.accelerators());
    // Signals pass through a chain by reference; they hold live objects and cannot be copied.
    env.getConfig().enableObjectReuse();
    // A rank sends a few records each second, and has no event time: records leave at once, and no
    // rank needs threads that wake up for either.
    env.setBufferTimeout(0);
    env.getConfig().setAutoWatermarkInterval(0);
    return env;
  }

  private static StreamGraph graph(StreamExecutionEnvironment env, RunSpec spec, Phase phase) {
    env.getConfig()
        .setGlobalJobParameters(ParameterTool.fromMap(JobFacts.of(spec, phase).toParameters()));
    StreamGraph graph = env.getStreamGraph();
    graph.setJobName(
        "dlio-flink %s %s, %d accelerator%s"
            .formatted(
                JobFacts.name(phase),
                spec.name(),
                spec.accelerators(),
                spec.accelerators() == 1 ? "" : "s"));
    return graph;
  }
}

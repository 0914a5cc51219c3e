/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures that MLPerf Storage v2.0 has published for its workloads. */
class MlperfWorkloadsTest {

  private static final Map<String, String> DATASETS =
      Map.of(
          "unet3d",
          "framework=pytorch model.type=cnn dataset.format=npz dataset.num_files_train=168"
              + " dataset.num_samples_per_file=1 dataset.record_length_bytes=146600628"
              + " dataset.record_length_bytes_stdev=68341808"
              + " dataset.record_length_bytes_resize=2097152",
          "resnet50",
          "framework=tensorflow model.type=cnn dataset.format=tfrecord"
              + " dataset.num_files_train=1024 dataset.num_samples_per_file=1251"
              + " dataset.record_length_bytes=114660.07 dataset.record_length_bytes_stdev=0"
              + " dataset.record_length_bytes_resize=150528",
          "cosmoflow",
          "framework=tensorflow dataset.format=tfrecord dataset.num_files_train=524288"
              + " dataset.num_samples_per_file=1 dataset.record_length_bytes=2828486"
              + " dataset.record_length_bytes_stdev=71311 dataset.record_length_bytes_resize=0");

  private static final Map<String, String> TRAINING =
      Map.of(
          "unet3d",
          "workflow.checkpoint=true reader.data_loader=pytorch reader.batch_size=7"
              + " reader.read_threads=4 reader.file_shuffle=seed reader.sample_shuffle=seed"
              + " checkpoint.checkpoint_after_epoch=5 checkpoint.epochs_between_checkpoints=2"
              + " metric.au=0.9",
          "resnet50",
          "workflow.checkpoint=false reader.data_loader=tensorflow reader.batch_size=400"
              + " reader.read_threads=8 reader.computation_threads=8 reader.file_shuffle='off'"
              + " reader.sample_shuffle='off' metric.au=0.9",
          "cosmoflow",
          "workflow.checkpoint=false reader.data_loader=tensorflow reader.batch_size=1"
              + " reader.read_threads=4 reader.file_shuffle=seed reader.sample_shuffle=seed"
              + " reader.shuffle_size=2 metric.au=0.7");

  @ParameterizedTest
  @CsvSource({
    "unet3d,a100,0.636,false",
    "unet3d,h100,0.323,false",
    "resnet50,a100,0.435,true",
    "resnet50,h100,0.224,false",
    "cosmoflow,a100,0.00551,false",
    "cosmoflow,h100,0.0035,false"
  })
  void theTrainingWorkloadsHaveThePublishedFigures(
      String model, String accelerator, String computationTime, String noMmap) throws IOException {
    assertThat(shown(model + "_" + accelerator))
        .containsAllEntriesOf(entries("model.name=" + model + " " + DATASETS.get(model)))
        .containsAllEntriesOf(entries(TRAINING.get(model)))
        .containsAllEntriesOf(
            entries(
                "workflow.generate_data=false workflow.train=true train.epochs=5"
                    + " train.computation_time=%s reader.dont_use_mmap=%s"
                        .formatted(computationTime, noMmap)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unet3d", "resnet50", "cosmoflow"})
  void theGenerationWorkloadsGenerateTheSameDataset(String model) throws IOException {
    Map<String, String> generation = shown(model + "_datagen");
    assertThat(generation)
        .containsAllEntriesOf(entries("model.name=" + model + " " + DATASETS.get(model)))
        .containsAllEntriesOf(
            entries(
                "workflow.generate_data=true workflow.train=false workflow.checkpoint=false"
                    + " reader.batch_size=1"));
    assertThat(sectionOf(generation, "dataset."))
        .isEqualTo(sectionOf(shown(model + "_h100"), "dataset."));
  }

  @ParameterizedTest
  @CsvSource({
    "70b,80,8192,28672,128,8,8,1,3",
    "405b,126,16384,53248,128,8,8,32,1",
    "1t,128,25872,98304,192,32,8,64,1"
  })
  void theCheckpointWorkloadsHaveThePublishedFigures(
      String size,
      String layers,
      String hidden,
      String ffn,
      String heads,
      String kvHeads,
      String tensor,
      String pipeline,
      String zero)
      throws IOException {
    assertThat(shown("llama3_" + size))
        .containsAllEntriesOf(
            entries(
                "framework=pytorch model.name=llama_%s model.type=transformer".formatted(size)
                    + " model.model_datatype=fp16 model.optimizer_datatype=fp32"
                    + " model.transformer.vocab_size=128256 model.num_layers="
                    + layers
                    + " model.transformer.hidden_size="
                    + hidden
                    + " model.transformer.ffn_hidden_size="
                    + ffn
                    + " model.transformer.num_attention_heads="
                    + heads
                    + " model.transformer.num_kv_heads="
                    + kvHeads
                    + " model.parallelism.tensor="
                    + tensor
                    + " model.parallelism.pipeline="
                    + pipeline
                    + " model.parallelism.data=-1 model.parallelism.zero_stage="
                    + zero))
        .containsAllEntriesOf(
            entries(
                "workflow.generate_data=false workflow.train=false workflow.checkpoint=true"
                    + " checkpoint.time_between_checkpoints=5 checkpoint.num_checkpoints_write=10"
                    + " checkpoint.num_checkpoints_read=10 checkpoint.fsync=true"
                    + " checkpoint.mode=default"));
  }

  /** The values that the command show prints. */
  private static Map<String, String> shown(String name) throws IOException {
    String file = name + ".yaml";
    String text =
        WorkloadRequest.decodeUtf8(
            Files.readAllBytes(Path.of("..", "configs", "workload", file)), file);
    return WorkloadLoader.load(
            new WorkloadRequest(name, file, text, List.of(), true, OptionalInt.empty()))
        .settings()
        .stream()
        .collect(Collectors.toMap(Setting::key, Setting::value));
  }

  private static Map<String, String> sectionOf(Map<String, String> values, String prefix) {
    return values.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Map<String, String> entries(String text) {
    Map<String, String> entries = new LinkedHashMap<>();
    Arrays.stream(text.split(" "))
        .map(entry -> entry.split("=", 2))
        .forEach(entry -> entries.put(entry[0], entry[1]));
    return entries;
  }
}

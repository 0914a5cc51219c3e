/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.Loading.load;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MinimalYamlTest {

  @Test
  void onlyWhatDiffersFromTheDefaultsIsWritten() {
    LoadedWorkload loaded =
        load(
            """
            framework: tensorflow
            dataset: {num_files_train: 16, num_files_eval: 0, data_folder: data/x/}
            train: {computation_time: 0.5, computation_time_stdev: 0.1}
            """,
            "++workload.reader.batch_size=4");
    assertThat(WorkloadLoader.minimalYaml(loaded))
        .isEqualTo(
            """
            dataset:
              num_files_train: 16
              data_folder: data/x
            reader:
              batch_size: 4
            train:
              computation_time: {mean: 0.5, stdev: 0.1}
            """);
    assertThat(WorkloadLoader.minimalYaml(load("{}"))).isEqualTo("{}\n");
  }

  @Test
  void everyKindOfValueLoadsBackUnchanged() {
    LoadedWorkload loaded =
        load(
            """
            framework: pytorch
            model:
              name: "it's: a 'name' # with \\t and [brackets]"
              type: 'null'
              optimization_groups: [1009254400, 865075200]
              num_layers: 4
              parallelism: {tensor: 2, data: 3}
            workflow: {generate_data: true, train: false, checkpoint: true}
            storage:
              storage_type: s3
              storage_root: bucket
              storage_options: {region: 'on', s3_max_attempts: '5', endpoint_url: 'http://a:1'}
            dataset:
              format: npy
              record_dims: [4, 6]
              record_element_type: float64
              hdf5: {num_dset_per_record: 2, chunk_dims: [1, 2]}
              content_seed: -7
              file_prefix: '0'
            reader:
              data_loader: pytorch
              data_loader_sampler: index
              file_shuffle: random
              transfer_size: 1048576
              preprocess_time: {type: gamma, shape: 0.5, scale: 0.0001}
              sample_order: dlio
              odirect: true
            train:
              computation_time: {type: uniform, min: 1e-9, max: 12345678.25}
              seed_change_epoch: no
            evaluation:
              eval_time: {type: poisson, lam: 3}
            checkpoint:
              mode: subset
              time_between_checkpoints: -2.5
              randomize_tensor: false
              ksm: {}
            output: {folder: 's3://bucket/results with spaces', metric: {exclude_end_steps: 3}}
            profiling: {iostat_devices: [sda, 'yes']}
            metric: {au: 0}
            """);
    String yaml = WorkloadLoader.minimalYaml(loaded);
    assertThat(load(yaml).workload()).as(yaml).isEqualTo(loaded.workload());
  }

  @Test
  void exponentialTimesLoadBackUnchanged() {
    LoadedWorkload loaded = load("train: {computation_time: {type: exponential, scale: 0.25}}");
    assertThat(load(WorkloadLoader.minimalYaml(loaded)).workload()).isEqualTo(loaded.workload());
  }
}

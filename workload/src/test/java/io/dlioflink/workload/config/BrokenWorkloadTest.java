/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.Loading.errors;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Files that cannot be read, and values that make no sense. */
class BrokenWorkloadTest {

  @Test
  void anIntegerOutOfRangeNamesTheBound() {
    assertThat(errors("dataset:\n  num_files_train: -3\n"))
        .containsExactly(
            "w.yaml:2: dataset.num_files_train: '-3' is not allowed; expected an integer of 1 or"
                + " more");
  }

  @Test
  void aFractionIsNoInteger() {
    assertThat(errors("reader:\n  batch_size: 7.5\n"))
        .containsExactly(
            "w.yaml:2: reader.batch_size: '7.5' is not allowed; expected an integer of 1 or more");
  }

  @Test
  void anUnknownWordListsTheKnownOnesAndTheClosest() {
    assertThat(errors("dataset:\n  format: npx\n"))
        .containsExactly(
            "w.yaml:2: dataset.format: 'npx' is not allowed; expected one of tfrecord, hdf5, csv,"
                + " npz, npy, hdf5_opt, jpeg, png, indexed_binary, mmap_indexed_binary, synthetic,"
                + " parquet; did you mean 'npz'?");
  }

  @Test
  void aQuotedBooleanIsText() {
    assertThat(errors("workflow:\n  train: 'yes'\n"))
        .containsExactly("w.yaml:2: workflow.train: 'yes' is not allowed; expected true or false");
  }

  @Test
  void aFractionAboveOneIsNoThreshold() {
    assertThat(errors("metric: {au: 90}"))
        .containsExactly("w.yaml:1: metric.au: '90' is not allowed; expected a number from 0 to 1");
  }

  @Test
  void aKeyWithoutAValueIsReported() {
    assertThat(errors("train:\n  epochs:\n"))
        .containsExactly("w.yaml:2: train.epochs: has no value; expected an integer of 1 or more");
  }

  @Test
  void aMappingWhereAValueBelongsIsReported() {
    assertThat(errors("train:\n  epochs:\n    count: 3\n"))
        .containsExactly(
            "w.yaml:2: train.epochs: a mapping is not allowed; expected an integer of 1 or more");
  }

  @Test
  void aValueWhereASectionBelongsIsReported() {
    assertThat(errors("model: unet3d\n"))
        .containsExactly(
            "w.yaml:1: model: 'unet3d' is not allowed; expected a section with keys below it");
  }

  @Test
  void aListElementOfTheWrongTypeIsReportedAtItsLine() {
    assertThat(errors("dataset:\n  record_dims:\n  - 4\n  - many\n"))
        .containsExactly(
            "w.yaml:4: dataset.record_dims: 'many' is not allowed; expected a list of integers of"
                + " 1 or more");
  }

  @Test
  void infinityIsNoSize() {
    assertThat(errors("dataset: {record_length_bytes: .inf}"))
        .containsExactly(
            "w.yaml:1: dataset.record_length_bytes: '.inf' is not allowed; expected a number from"
                + " 1 to 1125899906842624");
  }

  @Test
  void allProblemsAreReportedTogetherInTheOrderOfTheFile() {
    assertThat(
            errors(
                """
                framework: torch
                metric:
                  au: 1.5
                reader:
                  read_threads: -1
                  batch_size: 0
                """,
                "++workload.train.epochs=none"))
        .containsExactly(
            "w.yaml:1: framework: 'torch' is not allowed; expected one of tensorflow, pytorch;"
                + " did you mean 'pytorch'?",
            "w.yaml:3: metric.au: '1.5' is not allowed; expected a number from 0 to 1",
            "w.yaml:5: reader.read_threads: '-1' is not allowed; expected an integer from 0 to"
                + " 65536",
            "w.yaml:6: reader.batch_size: '0' is not allowed; expected an integer of 1 or more",
            "override '++workload.train.epochs=none': train.epochs: 'none' is not allowed;"
                + " expected an integer of 1 or more");
  }

  @Test
  void duplicateKeysNameBothLines() {
    assertThat(errors("dataset:\n  format: npz\n  num_files_train: 4\n  format: npy\n"))
        .containsExactly("w.yaml:4: dataset.format: set twice, first on line 2");
    assertThat(errors("train:\n  epochs: 1\ntrain:\n  seed: 1\n"))
        .containsExactly("w.yaml:3: train: set twice, first on line 1");
  }

  @Test
  void brokenSyntaxIsLocatedWithoutQuotingTheFile() {
    assertThat(errors("storage:\n  storage_options: {secret_access_key: hush\ntrain: 1\n"))
        .containsExactly(
            "w.yaml:3: not valid YAML: while parsing a flow mapping: expected ',' or '}', but got"
                + " :");
    assertThat(errors("train:\n\tepochs: 1\n"))
        .containsExactly(
            "w.yaml:2: not valid YAML: while scanning for the next token: found character"
                + " '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)");
  }

  @Test
  void aControlCharacterIsLocated() {
    assertThat(errors("train:\n  epochs: 1\u0007\n"))
        .containsExactly("w.yaml:2: not valid YAML: the character U+0007 is not allowed");
  }

  @Test
  void theTopLevelMustBeOneMapping() {
    assertThat(errors("- train\n- dataset\n"))
        .containsExactly("w.yaml:1: the top level is a list; expected a mapping of sections");
    assertThat(errors("just text\n"))
        .containsExactly(
            "w.yaml:1: the top level is a single value; expected a mapping of sections");
    assertThat(errors("# nothing\n"))
        .containsExactly("w.yaml:1: the file is empty; expected a mapping of sections");
    assertThat(errors("train: {epochs: 1}\n---\ntrain: {epochs: 2}\n"))
        .containsExactly("w.yaml:3: a second document starts here; expected one document");
    assertThat(errors("workload: 3\n"))
        .containsExactly("w.yaml:1: workload: '3' is not allowed; expected a mapping of sections");
  }

  @Test
  void tagsOfObjectsAreRefused() {
    assertThat(errors("model:\n  name: !!javax.script.ScriptEngineManager [x]\n"))
        .containsExactly(
            "w.yaml:2: model.name: the tag 'tag:yaml.org,2002:javax.script.ScriptEngineManager' is"
                + " not allowed; expected plain YAML");
    assertThat(errors("model:\n  name: !!binary aGk=\n"))
        .containsExactly(
            "w.yaml:2: model.name: the tag 'tag:yaml.org,2002:binary' is not allowed; expected"
                + " plain YAML");
  }

  @Test
  void anchorsThatContainThemselvesAreRefused() {
    assertThat(errors("train: &t\n  computation_time: *t\n"))
        .containsExactly("w.yaml:2: train.computation_time: an anchor contains itself");
  }

  @Test
  void manyAliasesAreRefused() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 8; i++) {
      String alias = "*a" + (i - 1);
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, ("," + alias).repeat(10).substring(1)));
    }
    assertThat(errors(yaml.toString()))
        .containsExactly(
            "w.yaml:1: not accepted: Number of aliases for non-scalar nodes exceeds the specified"
                + " max=50");
  }

  @Test
  void fewAliasesThatExpandToMuchAreRefused() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 10; i++) {
      String alias = "*a" + (i - 1);
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, ("," + alias).repeat(5).substring(1)));
    }
    assertThat(errors(yaml.toString()))
        .containsExactly("w.yaml:1: the aliases of the file expand to more than 100000 values");
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(errors("a: " + "[".repeat(100) + "]".repeat(100)))
        .containsExactly("w.yaml:1: not accepted: Nesting Depth exceeded max 32");
  }

  @Test
  void interpolationIsRefusedWithItsValue() {
    assertThat(errors("output:\n  folder: out/${workload.model.name}\n"))
        .containsExactly(
            "w.yaml:2: output.folder: 'out/${workload.model.name}': interpolation with ${...} is"
                + " not supported; write the value");
  }

  @Test
  void timesMustBeNumbersOrCompleteMappings() {
    assertThat(errors("train:\n  computation_time: 0.3s\n"))
        .containsExactly(
            "w.yaml:2: train.computation_time: '0.3s' is not allowed; expected a number of seconds"
                + " or a mapping such as {mean: 0.5, stdev: 0.1} or {type: uniform, min: 0.1, max:"
                + " 0.2} (DLIO would not wait at all)");
    assertThat(errors("train:\n  computation_time: {type: uniform, min: 1}\n"))
        .containsExactly(
            "w.yaml:2: train.computation_time: type 'uniform' needs the parameter 'max', which is"
                + " missing");
    assertThat(errors("train:\n  computation_time: {type: gama, shape: 1, scale: 1}\n"))
        .containsExactly(
            "w.yaml:2: train.computation_time: type 'gama' is not allowed; expected one of normal,"
                + " uniform, gamma, exponential, poisson (DLIO would not wait at all); did you mean"
                + " 'gamma'?");
    assertThat(errors("train:\n  computation_time: {mean: 1, std: 2}\n"))
        .containsExactly(
            "w.yaml:2: train.computation_time: unknown parameter 'std'; expected any of type, mean,"
                + " stdev, min, max, shape, scale, lam");
    assertThat(errors("train:\n  computation_time_stdev: 0.1\n"))
        .containsExactly(
            "w.yaml:2: train.computation_time: needs the parameter 'mean', which is missing");
    assertThat(errors("train:\n  computation_time: {mean: 1, stdev: -1}\n"))
        .containsExactly(
            "w.yaml:2: train.computation_time: '-1' for 'stdev' is not allowed; expected a number"
                + " of 0 or more");
    assertThat(errors("train:\n  computation_time: {type: uniform, min: 2, max: 1}\n"))
        .containsExactly("w.yaml:2: train.computation_time: min 2 is above max 1");
  }

  @Test
  void secretsAreNeverQuoted() {
    assertThat(errors("storage:\n  storage_options: hush\n"))
        .containsExactly(
            "w.yaml:2: storage.storage_options: expected a mapping of option names to single"
                + " values");
    assertThat(errors("storage:\n  storage_options:\n    secret_access_key: [hush]\n"))
        .containsExactly(
            "w.yaml:3: storage.storage_options: option 'secret_access_key' is a list; expected a"
                + " single value");
    assertThat(errors("storage:\n  storage_options:\n    secret_access_key: ${hush}\n"))
        .containsExactly(
            "w.yaml:2: storage.storage_options: '***': interpolation with ${...} is not supported;"
                + " write the value");
    assertThat(errors("{}", "++workload.storage.storage_options.secret_access_key=[hush]"))
        .containsExactly(
            "override '++workload.storage.storage_options.secret_access_key=***':"
                + " storage.storage_options: option 'secret_access_key' is a list; expected a"
                + " single value");
  }
}

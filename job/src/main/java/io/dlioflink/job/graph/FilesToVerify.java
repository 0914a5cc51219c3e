/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.graph;

import io.dlioflink.sink.dataset.FilesToCheck;
import io.dlioflink.source.BatchRequest;
import io.dlioflink.source.RunStart;
import io.dlioflink.source.SourceSignal;
import io.dlioflink.source.dataset.DatasetFacts;
import io.dlioflink.workload.DatasetPart;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Turns what the source says into what the verifier does: numbers get names. */
final class FilesToVerify implements FlatMapFunction<SourceSignal, FilesToCheck> {
  private static final long serialVersionUID = 1L;

  private final long trainFiles;
  private DatasetFacts facts;

  /** For a dataset of so many training files. */
  FilesToVerify(long trainFiles) {
    this.trainFiles = trainFiles;
  }

  @Override
  public void flatMap(SourceSignal signal, Collector<FilesToCheck> out) {
    if (signal instanceof RunStart start) {
      facts = start.facts();
    } else if (signal instanceof BatchRequest request) {
      List<String> paths = Arrays.stream(request.ids()).mapToObj(this::path).toList();
      out.collect(new FilesToCheck(request.ids()[0], paths, facts.ours(), facts.notices()));
    }
  }

  private String path(long fileNumber) {
    return fileNumber < trainFiles
        ? facts.files().get(DatasetPart.TRAIN).relativePath(fileNumber)
        : facts.files().get(DatasetPart.VALID).relativePath(fileNumber - trainFiles);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.dataset;

import io.dlioflink.workload.DatasetPart;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a look at a dataset showed before the run.
 *
 * @param files the files of each part that is read
 * @param derivedSizes whether the files have the sizes DLIO's generator gives them, so that the
 *     bytes to come are known
 * @param ours whether the files are ours and made from the same parameters: those that are there
 *     are complete, and their bytes are known
 * @param notices what the user should know
 */
public record DatasetFacts(
    Map<DatasetPart, DatasetFiles> files, boolean derivedSizes, boolean ours, List<String> notices)
    implements Serializable {

  /** Of a dataset that is to be generated. */
  public static DatasetFacts forGeneration(boolean ours) {
    return new DatasetFacts(Map.of(), true, ours, List.of());
  }

  /** Of no dataset. */
  public static DatasetFacts none() {
    return new DatasetFacts(Map.of(), true, true, List.of());
  }

  /** The same facts, with one more thing to know. */
  public DatasetFacts withNotice(String notice) {
    List<String> all = new ArrayList<>(notices);
    all.add(notice);
    return new DatasetFacts(files, derivedSizes, ours, all);
  }

  public DatasetFacts {
    files = Map.copyOf(files);
    notices = List.copyOf(notices);
  }
}

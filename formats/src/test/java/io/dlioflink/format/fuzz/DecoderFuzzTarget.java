/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.fuzz;

import io.dlioflink.format.SampleFormats;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;

/** What Jazzer calls; the system property {@value #FORMAT} names the format. */
public final class DecoderFuzzTarget {
  static final String FORMAT = "dlio-flink.fuzz.format";

  private static final FuzzedFormat FUZZED =
      new FuzzedFormat(SampleFormats.require(FileFormat.valueOf(System.getProperty(FORMAT))));

  private DecoderFuzzTarget() {}

  /** Reads an input; any exception out of here is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    FUZZED.read(input);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.source.SourceFixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoaderThreadsTest {

  @ParameterizedTest
  @CsvSource({
    "pytorch, 0, 0, 1, 1, true",
    "pytorch, 0, 7, 1, 1, true",
    "pytorch, 1, 0, 1, 2, false",
    "pytorch, 4, 0, 4, 8, false",
    "pytorch, 4, 2, 4, 4, false",
    "pytorch, 4, 5, 4, 8, false",
    "pytorch, 65535, 65536, 65535, 131070, false",
    "pytorch, 65536, 0, 65536, 131072, false",
    "tensorflow, 65536, 65536, 65536, 131072, false",
    "tensorflow, 0, 0, 1, 1, false",
    "tensorflow, 4, 2, 4, 6, false",
    "dali, 0, 0, 1, 2, false",
    "dali, 1, 3, 1, 3, false",
    "dali, 4, 0, 4, 4, false",
    "native_dali, 2, 5, 2, 5, false",
    "synthetic, 2, 2, 2, 2, false"
  })
  void threadsAndBatchesAheadFollowTheLoader(
      String loader, int readThreads, int prefetchSize, int threads, int ahead, boolean sync) {
    assertThat(
            LoaderThreads.of(
                SourceFixture.workload(
                        "framework=" + (loader.equals("tensorflow") ? loader : "pytorch"),
                        "reader.data_loader=" + loader,
                        "reader.read_threads=" + readThreads,
                        "reader.prefetch_size=" + prefetchSize)
                    .reader()))
        .isEqualTo(new LoaderThreads(threads, ahead, sync));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
  @TempDir private Path folder;

  @Test
  void theKernelIsToldWhereThatIsAllowed() throws Exception {
    Path control = Files.createFile(folder.resolve("drop_caches"));

    PageCache.Outcome outcome = PageCache.drop(control, List.of());

    assertThat(outcome)
        .isEqualTo(new PageCache.Outcome(true, "all caches of the host, " + control));
    assertThat(control).hasContent("3\n");
  }

  @Test
  void otherUsersAdviseOnTheirFiles() throws Exception {
    Path file = Files.writeString(folder.resolve("it's a file"), "content");

    PageCache.Outcome outcome =
        PageCache.drop(folder.resolve("nothing"), List.of(file.toString(), file.toString()));

    // Only GNU dd can; others say so.
    assertThat(outcome.how())
        .startsWith(outcome.dropped() ? "posix_fadvise of 2 files with dd" : "no permission for ");
    assertThat(file).hasContent("content");
  }

  @Test
  void whoCannotDropThemIsToldHow() throws InterruptedException, IOException {
    Path control = folder.resolve("nothing");

    PageCache.Outcome outcome =
        PageCache.drop(control, List.of(folder.resolve("missing").toString()));

    assertThat(outcome.dropped()).isFalse();
    assertThat(outcome.how())
        .startsWith(
            "no permission for " + control + ", and no advice through dd (sh exited with 1)")
        .endsWith(
            "run as root, or drop them on each host with: sync; echo 3 > /proc/sys/vm/drop_caches");
  }
}

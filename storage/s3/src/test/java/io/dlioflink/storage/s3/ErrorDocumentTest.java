/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ErrorDocumentTest {
  @Test
  void readsErrorDocuments() {
    ErrorDocument error =
        new ErrorDocument(
            "<Error><Code>NoSuchKey</Code><Message>a &lt;b&gt; &amp;amp;</Message>"
                + "<Region>eu-west-1</Region></Error>");
    assertThat(error.code()).isEqualTo("NoSuchKey");
    assertThat(error.message()).isEqualTo("a <b> &amp;");
    assertThat(error.region()).contains("eu-west-1");
    assertThat(new ErrorDocument("<Code>cut").code()).isEmpty();
    assertThat(new ErrorDocument("").message()).isEmpty();
  }
}

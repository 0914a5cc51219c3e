/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.IOException;

/** What a server sent is not HTTP; told to callers as an {@link HttpException}. */
final class MalformedAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedAnswer(String message) {
    super(message);
  }
}

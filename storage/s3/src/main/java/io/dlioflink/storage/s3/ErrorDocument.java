/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.util.Optional;

/**
 * What stands in an error document of S3. Reads the few elements of interest without an XML parser,
 * which would obey a document that asks for files or addresses.
 *
 * @param text of the document; may be cut off, or no XML at all
 */
record ErrorDocument(String text) {

  /** E.g. {@code NoSuchKey}; empty without one. */
  String code() {
    return element("Code").orElse("");
  }

  /** For people; empty without one. */
  String message() {
    return element("Message").orElse("");
  }

  /** Where the bucket is. */
  Optional<String> region() {
    return element("Region");
  }

  private Optional<String> element(String name) {
    int begin = text.indexOf("<" + name + ">");
    if (begin < 0) {
      return Optional.empty();
    }
    begin += name.length() + 2;
    int end = text.indexOf("</" + name + ">", begin);
    return end < 0 ? Optional.empty() : Optional.of(decoded(text.substring(begin, end)));
  }

  private static String decoded(String value) {
    return value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
  }
}

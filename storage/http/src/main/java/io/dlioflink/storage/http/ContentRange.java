/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer says of the bytes it holds (RFC 9110, section 14.4).
 *
 * @param first offset of the first; empty if the range was refused
 * @param last offset of the last
 * @param totalBytes length of the whole object, if known
 */
public record ContentRange(OptionalLong first, OptionalLong last, OptionalLong totalBytes) {
  private static final Pattern FORM =
      Pattern.compile("bytes (?:(\\d{1,18})-(\\d{1,18})|\\*)/(?:(\\d{1,18})|\\*)");

  /** Reads the header; empty if it is of another form. */
  public static Optional<ContentRange> parse(String header) {
    Matcher form = FORM.matcher(header);
    return form.matches()
        ? Optional.of(
            new ContentRange(number(form.group(1)), number(form.group(2)), number(form.group(3))))
        : Optional.empty();
  }

  private static OptionalLong number(String digits) {
    return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  /** Whether it holds just these bytes. */
  public boolean holds(long position, long bytes) {
    return first.isPresent()
        && first.getAsLong() == position
        && last.getAsLong() == position + bytes - 1;
  }

  /** Whether it holds the whole object. */
  public boolean isWhole() {
    return totalBytes.isPresent() && holds(0, totalBytes.getAsLong());
  }
}

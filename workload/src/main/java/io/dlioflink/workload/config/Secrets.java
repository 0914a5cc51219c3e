/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.regex.Pattern;

/** Decides what must never be shown. */
final class Secrets {

  static final String MASK = "***";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "key|secret|token|passw|pwd|credential|signature|auth|sas", Pattern.CASE_INSENSITIVE);

  /** User information of a URI. */
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");

  private Secrets() {}

  /** Whether the option of that name may hold a secret; errs on the side of secrecy. */
  static boolean isSecret(String optionName) {
    return SECRET_NAME.matcher(optionName).find();
  }

  /** A storage option in YAML's spelling, or the mask. */
  static String maskedOption(String name, String value) {
    return isSecret(name) ? "'" + MASK + "'" : ScalarSyntax.quoted(maskUserInfo(value));
  }

  /** Any text without passwords of URIs. */
  static String maskUserInfo(String text) {
    return USER_INFO.matcher(text).replaceAll(MASK);
  }

  /**
   * An override as it may be shown: the whole value goes if the key looks secret or if it sets
   * several storage options at once.
   */
  static String maskedOverride(String override) {
    int equals = override.indexOf('=');
    if (equals < 0) {
      return override;
    }
    String key = override.substring(0, equals);
    String value = override.substring(equals + 1);
    String name = key.substring(key.lastIndexOf('.') + 1);
    boolean hidden = isSecret(name) || (key.contains("storage") && value.contains("{"));
    return key + "=" + (hidden ? MASK : maskUserInfo(value));
  }
}

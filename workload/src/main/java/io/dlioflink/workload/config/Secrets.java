/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.regex.Pattern;

/** Decides what must never be shown. */
public final class Secrets {

  static final String MASK = "***";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "key|secret|token|passw|pwd|credential|signature|auth|sas|connection_?string",
          Pattern.CASE_INSENSITIVE);

  /** User information of a URI. */
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");

  /** Signed parts of URIs and of connection strings, by the names the clouds give them. */
  private static final Pattern SIGNED =
      Pattern.compile(
          "(?<=\\b(?:sig|signature|AccountKey|SharedAccessSignature|X-Amz-Signature"
              + "|X-Amz-Credential|X-Amz-Security-Token|X-Goog-Signature|X-Goog-Credential)=)"
              + "[^&;\\s'\"]+",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** Whether the option of that name may hold a secret; errs on the side of secrecy. */
  static boolean isSecret(String optionName) {
    return SECRET_NAME.matcher(optionName).find();
  }

  /** A storage option in YAML's spelling, or the mask. */
  static String maskedOption(String name, String value) {
    return isSecret(name) ? "'" + MASK + "'" : ScalarSyntax.quoted(maskUri(value));
  }

  /** Any text without passwords and signatures of URIs. */
  public static String maskUri(String text) {
    return SIGNED.matcher(USER_INFO.matcher(text).replaceAll(MASK)).replaceAll(MASK);
  }

  /**
   * An override as it may be shown: the whole value goes if the key looks secret or if it sets
   * several storage options at once.
   */
  public static String maskedOverride(String override) {
    int equals = override.indexOf('=');
    if (equals < 0) {
      return override;
    }
    String key = override.substring(0, equals);
    String value = override.substring(equals + 1);
    String name = key.substring(key.lastIndexOf('.') + 1);
    boolean hidden = isSecret(name) || (key.contains("storage") && value.contains("{"));
    return key + "=" + (hidden ? MASK : maskUri(value));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

/**
 * What a key does here, compared with DLIO.
 *
 * @param kind in a word
 * @param sentence what is different and why; empty if nothing is
 */
public record KeyCompatibility(Kind kind, String sentence) {

  /** How a key compares. */
  public enum Kind {
    /** What it does in DLIO. */
    SAME("same"),
    /** What its name and DLIO's documentation say; DLIO does something else. */
    FIXED("fixed"),
    /** Accepted; what it tunes in DLIO does not exist here. */
    NO_EFFECT("no effect"),
    /** Refused, or accepted without what DLIO would do. */
    UNSUPPORTED("not supported"),
    /** DLIO does not know it. */
    OURS("ours");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** For people. */
    public String word() {
      return word;
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import java.io.Serializable;

/**
 * What one rule says about a run.
 *
 * @param standing what the run can be at best because of this
 * @param rule which rule, or the parameter it is about
 * @param expected what the rule asks for
 * @param found what is there
 */
public record Finding(Standing standing, String rule, String expected, String found)
    implements Serializable {

  /** For people. */
  @Override
  public String toString() {
    return "%-7s %s: expected %s; found %s".formatted(standing, rule, expected, found);
  }
}

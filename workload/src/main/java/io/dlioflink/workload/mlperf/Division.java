/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

/** The two sets of rules that a result can be submitted under. */
public enum Division {
  /** Next to nothing may be changed: results compare. */
  CLOSED,
  /** Some more may be changed, if it is disclosed. */
  OPEN;

  /**
   * The division of a name, in any case.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Division parse(String name) {
    for (Division division : values()) {
      if (division.name().equalsIgnoreCase(name)) {
        return division;
      }
    }
    throw new IllegalArgumentException("'" + name + "' is not allowed; expected closed or open");
  }
}

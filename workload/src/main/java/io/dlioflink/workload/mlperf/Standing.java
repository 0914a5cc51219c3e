/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

/** What a run can be after all, in the order from good to bad. */
public enum Standing {
  /** Fit for both divisions. */
  CLOSED,
  /** Fit for {@link Division#OPEN} only. */
  OPEN,
  /** Fit for no submission. */
  INVALID;

  /** Whether this is good enough for a division. */
  public boolean meets(Division division) {
    return this == CLOSED || (this == OPEN && division == Division.OPEN);
  }
}

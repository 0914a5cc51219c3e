/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.SampleOrderStrategy;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;

/** Picks the order of access a workload asks for with {@code reader.sample_order}. */
public final class SampleOrders {

  private SampleOrders() {}

  /**
   * The order in which the ranks of a plan read a dataset part.
   *
   * @throws UnsupportedOperationException for {@code dlio} with a loader whose order is not
   *     reproduced yet; the message names the way out
   */
  public static SampleOrder of(Workload workload, DatasetPart part, StepPlan plan) {
    if (workload.reader().sampleOrder() == SampleOrderStrategy.DECLARED) {
      return DeclaredOrder.of(workload, plan);
    }
    DataLoader loader = workload.reader().dataLoader();
    if (loader != DataLoader.PYTORCH) {
      throw new UnsupportedOperationException(
          "reader.sample_order=dlio is not supported yet for reader.data_loader=%s (%s data), only for pytorch; use reader.sample_order=declared"
              .formatted(loader.yamlName(), part.folder()));
    }
    return new PytorchOrder(plan);
  }
}

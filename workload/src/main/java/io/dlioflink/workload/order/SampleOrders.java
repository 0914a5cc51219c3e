/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.DataLoader;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.FileFormat;
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
   * @throws UnsupportedOperationException for {@code dlio} with a loader that is not DLIO's own
   */
  public static SampleOrder of(Workload workload, DatasetPart part, StepPlan plan) {
    DataLoader loader = workload.reader().dataLoader();
    if (loader == DataLoader.SYNTHETIC) {
      return new NoReads(plan);
    }
    if (workload.reader().sampleOrder() == SampleOrderStrategy.DECLARED) {
      return DeclaredOrder.of(workload, plan);
    }
    return switch (loader) {
      case PYTORCH, DALI -> new IndexOrder(plan, loader.yamlName());
      case NATIVE_DALI -> NativeDaliOrder.of(workload, plan);
      case TENSORFLOW ->
          workload.dataset().format() == FileFormat.TFRECORD
              ? TfRecordOrder.of(workload, part, plan)
              : IterativeOrder.of(workload, part, plan);
      case SYNTHETIC, CUSTOM, NONE ->
          throw new UnsupportedOperationException(
              "reader.sample_order=dlio knows no order of reader.data_loader=" + loader.yamlName());
    };
  }
}

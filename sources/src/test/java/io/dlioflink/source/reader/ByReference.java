/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Passes signals on as a chain with object reuse does: they are never copied nor serialized. */
final class ByReference extends TypeSerializerSingleton<ReaderSignal> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public ReaderSignal createInstance() {
    throw new AssertionError("Never serialized");
  }

  @Override
  public ReaderSignal copy(ReaderSignal from) {
    return from;
  }

  @Override
  public ReaderSignal copy(ReaderSignal from, ReaderSignal reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(ReaderSignal record, DataOutputView target) {
    throw new AssertionError("Never serialized");
  }

  @Override
  public ReaderSignal deserialize(DataInputView source) {
    throw new AssertionError("Never serialized");
  }

  @Override
  public ReaderSignal deserialize(ReaderSignal reuse, DataInputView source) {
    throw new AssertionError("Never serialized");
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) {
    throw new AssertionError("Never serialized");
  }

  @Override
  public TypeSerializerSnapshot<ReaderSignal> snapshotConfiguration() {
    throw new AssertionError("Never part of a state");
  }
}

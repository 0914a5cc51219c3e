/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source;

/** What a {@link DatasetSource} emits: small records only, never payload. */
public sealed interface SourceSignal permits RunStart, BatchRequest {}

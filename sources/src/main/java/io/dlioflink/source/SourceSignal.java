/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source;

import java.io.Serializable;

/** What a {@link DatasetSource} emits: small records only, never payload. */
public sealed interface SourceSignal extends Serializable permits RunStart, BatchRequest {}

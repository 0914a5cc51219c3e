/* SPDX-License-Identifier: Apache-2.0 */
/** Micro benchmarks and timed checks; not part of the program. */
package io.dlioflink.benchmark;

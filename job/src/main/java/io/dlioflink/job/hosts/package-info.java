/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A Flink cluster made of the processes of an MPI launcher on several hosts: global rank 0 leads,
 * one process of every other host is a task manager. {@code bin/ranks.sh} starts both.
 */
package io.dlioflink.job.hosts;

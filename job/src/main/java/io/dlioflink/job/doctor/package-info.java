/* SPDX-License-Identifier: Apache-2.0 */
/** Whether the workers of a cluster can do what a workload asks for, before it runs. */
package io.dlioflink.job.doctor;

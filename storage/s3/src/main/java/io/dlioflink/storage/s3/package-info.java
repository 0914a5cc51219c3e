/* SPDX-License-Identifier: Apache-2.0 */
/** S3 and what speaks its protocol. */
package io.dlioflink.storage.s3;

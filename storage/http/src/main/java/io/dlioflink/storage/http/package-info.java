/* SPDX-License-Identifier: Apache-2.0 */
/** HTTP/1.1 with as little work per request as a socket allows. */
package io.dlioflink.storage.http;

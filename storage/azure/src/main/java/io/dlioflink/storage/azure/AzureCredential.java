/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

/** How requests prove who sends them. What is secret is in no text of these. */
sealed interface AzureCredential {

  /** A key of the account, Base64. */
  record AccountKey(String key) implements AzureCredential {
    @Override
    public String toString() {
      return "account key";
    }
  }

  /** A shared access signature, without a leading question mark. */
  record SharedAccessSignature(String token) implements AzureCredential {
    @Override
    public String toString() {
      return "shared access signature";
    }
  }

  /**
   * What the Azure libraries find: environment variables of a service principal, a workload or
   * managed identity, or the login of the command line.
   */
  record DefaultChain() implements AzureCredential {
    @Override
    public String toString() {
      return "default credential";
    }
  }
}

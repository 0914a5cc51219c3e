/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;

/** What to change when a step with a probe object fails. */
final class Remedies {
  private Remedies() {}

  static String of(String step, Location location, Exception failure) {
    if (!(failure instanceof StorageException storage)) {
      return "the store does not keep to its protocol; look at proxies and caches in front of it";
    }
    return switch (storage.reason()) {
      case PERMISSION ->
          location.isLocal()
              ? "let the user that Flink runs as %s there, or name another folder"
                  .formatted(verb(step))
              : "give the credentials of this host the right to %s (%s); they come from storage.storage_options, else from the environment of the worker"
                  .formatted(verb(step), right(step, location.scheme()));
      case MISSING ->
          location.isLocal()
              ? "create or mount the folder on this host"
              : "create the bucket or container, or correct its name";
      case NO_SPACE -> "free space or raise the quota";
      case UNAVAILABLE ->
          location.isLocal()
              ? "look at the mount on this host"
              : "check storage_options.endpoint_url or storage.endpoints, and that this host"
                  + " reaches it: name resolution, firewall, TLS authorities";
      case UNSUPPORTED -> "correct what the message names";
    };
  }

  private static String verb(String step) {
    return switch (step) {
      case "put" -> "write";
      case "list" -> "list";
      case "delete" -> "delete";
      default -> "read";
    };
  }

  /** The right as the clouds call it. */
  private static String right(String step, String scheme) {
    return switch (scheme) {
      case "az" -> "role Storage Blob Data Contributor";
      case "gs" ->
          "storage.objects."
              + switch (step) {
                case "put" -> "create";
                case "list" -> "list";
                case "delete" -> "delete";
                default -> "get";
              };
      default ->
          "s3:"
              + switch (step) {
                case "put" -> "PutObject";
                case "list" -> "ListBucket";
                case "delete" -> "DeleteObject";
                default -> "GetObject";
              };
    };
  }
}

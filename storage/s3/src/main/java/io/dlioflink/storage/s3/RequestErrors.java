/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.s3.S3Settings.Identity;

/**
 * Sorts what servers say into the reasons of {@link StorageException}, and says what to do about
 * it. Keys of the user that a server repeats are taken out of its words.
 */
final class RequestErrors {
  private final Identity identity;

  RequestErrors(Identity identity) {
    this.identity = identity;
  }

  private record Sorted(Reason reason, String hint) {}

  /**
   * The failure as the storage reports it.
   *
   * @param tried what was tried, e.g. {@code "Cannot read"}
   * @param attempts made, the last of which failed so
   */
  StorageException sorted(RequestFailure failure, Location location, String tried, int attempts) {
    RequestFailure.Answer answer = failure.answer();
    Sorted sorted = sorted(failure, location);
    StringBuilder message = new StringBuilder(tried).append(" (").append(said(failure));
    message.append("; endpoint ").append(failure.endpoint().name());
    if (!answer.requestId().isEmpty()) {
      message.append(", request ").append(answer.requestId());
    }
    if (attempts > 1) {
      message.append(", ").append(attempts).append(" attempts");
    }
    message.append(')');
    if (!sorted.hint().isEmpty()) {
      message.append("; ").append(sorted.hint());
    }
    // The failure itself would repeat the server's words as they are.
    return new StorageException(
        sorted.reason(), location, masked(message.toString()), failure.getCause());
  }

  private static String said(RequestFailure failure) {
    return failure.getMessage().strip().replaceAll("\\s+", " ");
  }

  private String masked(String text) {
    if (!(identity instanceof Identity.Keys keys)) {
      return text;
    }
    String masked = text.replace(keys.secretAccessKey(), "***").replace(keys.accessKeyId(), "***");
    return keys.sessionToken().map(token -> masked.replace(token, "***")).orElse(masked);
  }

  private Sorted sorted(RequestFailure failure, Location location) {
    RequestFailure.Answer answer = failure.answer();
    Sorted byCode = byCode(answer, location);
    if (byCode != null) {
      return byCode;
    }
    if (failure.isTrust()) {
      return new Sorted(
          Reason.UNAVAILABLE,
          "the server's certificate is not trusted or not for this host: set ca_bundle or"
              + " AWS_CA_BUNDLE to the PEM file of its authority");
    }
    if (failure.isPassing()) {
      return new Sorted(Reason.UNAVAILABLE, "");
    }
    return switch (answer.status()) {
      case 404 -> new Sorted(Reason.MISSING, "");
      case 401, 403 ->
          new Sorted(
              Reason.PERMISSION,
              "check that the keys are right for this endpoint and may do this in bucket '"
                  + location.authority()
                  + "'");
      case 412 -> new Sorted(Reason.UNAVAILABLE, "the object was replaced while it was being read");
      case 507 -> new Sorted(Reason.NO_SPACE, "");
      case 400, 405, 411, 501 ->
          new Sorted(Reason.UNSUPPORTED, "the server does not take this request");
      case 301, 307, 308 ->
          new Sorted(Reason.UNSUPPORTED, "the bucket is elsewhere" + region(answer));
      default -> new Sorted(Reason.UNAVAILABLE, "");
    };
  }

  private Sorted byCode(RequestFailure.Answer answer, Location location) {
    return switch (answer.code()) {
      case "NoSuchKey", "NoSuchUpload" -> new Sorted(Reason.MISSING, "");
      case "NoSuchBucket" ->
          new Sorted(
              Reason.MISSING,
              "create bucket '%s' first, or name another".formatted(location.authority()));
      case RequestFailure.NO_CREDENTIALS ->
          new Sorted(
              Reason.PERMISSION,
              "set storage_options access_key_id and secret_access_key, AWS_ACCESS_KEY_ID and"
                  + " AWS_SECRET_ACCESS_KEY, or a profile");
      case "InvalidAccessKeyId" ->
          new Sorted(Reason.PERMISSION, "check the access key and that it is one of this endpoint");
      case "SignatureDoesNotMatch", "InvalidSecurity" ->
          new Sorted(
              Reason.PERMISSION,
              "check the secret key" + (identity instanceof Identity.Keys ? " and region" : ""));
      case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
          new Sorted(Reason.PERMISSION, "get a new session token; the keys have expired");
      case "RequestTimeTooSkewed", "RequestExpired" ->
          new Sorted(
              Reason.PERMISSION, "set the clock of this machine; it differs from the server's");
      case "QuotaExceeded", "QuotaExceededException", "EntityTooLargeForQuota" ->
          new Sorted(Reason.NO_SPACE, "");
      case "XMinioStorageFull", "InsufficientStorage" -> new Sorted(Reason.NO_SPACE, "");
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          new Sorted(Reason.UNSUPPORTED, "the region is wrong" + region(answer));
      default -> null;
    };
  }

  private static String region(RequestFailure.Answer answer) {
    return answer.bucketRegion().map(region -> ": set region to " + region).orElse("");
  }
}

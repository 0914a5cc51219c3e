/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestWatch;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.apache.http.conn.ConnectTimeoutException;

/** Sorts how calls fail into the reasons of {@link StorageException}. */
final class GcsErrors {
  private static final int LONGEST_WORDS = 300;

  private final GcsSettings settings;

  GcsErrors(GcsSettings settings) {
    this.settings = settings;
  }

  /** What the server said, if it said something. */
  static int status(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof com.google.cloud.storage.StorageException said && said.getCode() > 0) {
        return said.getCode();
      }
    }
    return 0;
  }

  /**
   * The failure as the storage reports it. An interrupt is told as such.
   *
   * @param tried what was tried, e.g. {@code "Cannot read"}
   */
  IOException sorted(Exception failure, GcsCall call, Location location, String tried) {
    if (failure instanceof StorageException known) {
      return known;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException
          || (cause instanceof InterruptedIOException
              && !(cause instanceof SocketTimeoutException)
              && !(cause instanceof ConnectTimeoutException))) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException(tried + ": interrupted: " + location);
      }
    }
    if (Thread.currentThread().isInterrupted()) {
      return new InterruptedIOException(tried + ": interrupted: " + location);
    }
    int status = status(failure);
    return status > 0
        ? answered(failure, status, call, location, tried)
        : unanswered(failure, location, tried);
  }

  private StorageException answered(
      Exception failure, int status, GcsCall call, Location location, String tried) {
    String message =
        "%s (%d from %s, request %s: %s)%s"
            .formatted(
                tried,
                status,
                host(),
                call.header("x-guploader-uploadid").orElse("without an id"),
                words(failure),
                advice(status, location));
    return new StorageException(reason(status), location, message);
  }

  private static Reason reason(int status) {
    return switch (status) {
      case 401, 403 -> Reason.PERMISSION;
      case 404 -> Reason.MISSING;
      case 405, 413, 501 -> Reason.UNSUPPORTED;
      case 507 -> Reason.NO_SPACE;
      default -> Reason.UNAVAILABLE;
    };
  }

  private String advice(int status, Location location) {
    return switch (status) {
      case 401, 403 ->
          "; it needs storage.objects.get, list, create and delete on bucket '%s' (role Storage"
                  .formatted(location.authority())
              + " Object User); credentials: "
              + settings.credentialsFile().orElse("those of the environment");
      case 404 -> "; check that bucket '%s' exists".formatted(location.authority());
      case 429, 503 ->
          "; the bucket is at its limit: use fewer threads, or raise " + GcsSettings.MAX_ATTEMPTS;
      default -> "";
    };
  }

  private StorageException unanswered(Exception failure, Location location, String tried) {
    Throwable first = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      first = cause;
      if (cause instanceof RequestWatch.ExpiredException) {
        return new StorageException(
            Reason.UNAVAILABLE,
            location,
            "%s (no whole answer from %s within %d s, %s)"
                .formatted(
                    tried,
                    host(),
                    settings.transfer().requestTimeout().toSeconds(),
                    GcsSettings.REQUEST_TIMEOUT_SECONDS),
            failure);
      }
      if (cause instanceof SocketTimeoutException) {
        return new StorageException(
            Reason.UNAVAILABLE,
            location,
            "%s (no answer from %s within %d s, %s)"
                .formatted(
                    tried,
                    host(),
                    settings.transfer().timeout().toSeconds(),
                    GcsSettings.TIMEOUT_SECONDS),
            failure);
      }
      if (cause instanceof UnknownHostException) {
        return new StorageException(
            Reason.UNAVAILABLE, location, "%s (unknown host %s)".formatted(tried, host()), failure);
      }
    }
    return new StorageException(
        Reason.UNAVAILABLE,
        location,
        "%s (%s: %s)".formatted(tried, host(), words(first)),
        failure);
  }

  private String host() {
    return settings.endpoint().orElse("https://storage.googleapis.com");
  }

  /** The first line of what was said. */
  private static String words(Throwable failure) {
    String text = failure.getMessage();
    if (text == null || text.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    String line = text.lines().findFirst().orElse("");
    return line.length() > LONGEST_WORDS ? line.substring(0, LONGEST_WORDS) + "..." : line;
  }
}

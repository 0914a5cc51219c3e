/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.azure.RequestMeter.Attempts;
import io.dlioflink.storage.http.HttpException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Waits for requests, and sorts how they fail. */
final class BlobRequests {
  private static final HttpHeaderName REQUEST_ID = HttpHeaderName.fromString("x-ms-request-id");

  private final AzureSettings settings;

  BlobRequests(AzureSettings settings) {
    this.settings = settings;
  }

  /** How many blobs a page of a listing holds. */
  int pageEntries() {
    return settings.transfer().pageEntries();
  }

  /** A call whose attempts are counted together. */
  static <T> Mono<T> counted(Mono<T> call, Attempts attempts) {
    return call.contextWrite(Context.of(RequestMeter.ATTEMPTS, attempts));
  }

  /** Waits for the answer of a call. What it throws is to be {@link #sorted}. */
  <T> T await(Mono<T> call) {
    try {
      return counted(call, new Attempts()).block();
    } catch (RuntimeException e) {
      throw unwrapped(e);
    }
  }

  private static RuntimeException unwrapped(RuntimeException failure) {
    return Exceptions.unwrap(failure) instanceof RuntimeException inner ? inner : failure;
  }

  /**
   * The failure as the storage reports it. An interrupt is told as such.
   *
   * @param tried what was tried, e.g. {@code "Cannot read"}
   */
  IOException sorted(Throwable failure, Location location, String tried) {
    Throwable inner = Exceptions.unwrap(failure);
    if (inner instanceof StorageException known) {
      return known;
    }
    for (Throwable cause = inner; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException(tried + ": interrupted: " + location);
      }
    }
    if (inner instanceof BlobStorageException said) {
      return answered(said, location, tried);
    }
    return unanswered(inner, location, tried);
  }

  private StorageException answered(BlobStorageException said, Location location, String tried) {
    HttpResponse response = said.getResponse();
    return refused(
        new Answer(
            said.getStatusCode(),
            Optional.ofNullable(said.getErrorCode()).map(BlobErrorCode::toString),
            response.getRequest().getUrl().getAuthority(),
            Optional.ofNullable(response.getHeaderValue(REQUEST_ID))),
        location,
        tried);
  }

  /**
   * An answer other than a success.
   *
   * @param code Azure's own
   * @param endpoint who gave it
   */
  record Answer(int status, Optional<String> code, String endpoint, Optional<String> requestId) {}

  /** What an answer amounts to. The message is ours alone: others may hold what was signed. */
  StorageException refused(Answer answer, Location location, String tried) {
    int status = answer.status();
    BlobErrorCode code = answer.code().map(BlobErrorCode::fromString).orElse(null);
    String message =
        "%s (%d %s from %s, request %s)%s"
            .formatted(
                tried,
                status,
                code == null ? "without a code" : code,
                answer.endpoint(),
                answer.requestId().orElse("without an id"),
                advice(status, code, location));
    return new StorageException(reason(status, code), location, message);
  }

  private static Reason reason(int status, BlobErrorCode code) {
    return switch (status) {
      case 401, 403 -> Reason.PERMISSION;
      case 404 -> Reason.MISSING;
      case 413 -> Reason.UNSUPPORTED;
      case 507 -> Reason.NO_SPACE;
      case 400, 405 ->
          BlobErrorCode.UNSUPPORTED_HTTP_VERB.equals(code)
              ? Reason.UNSUPPORTED
              : Reason.UNAVAILABLE;
      case 409 ->
          BlobErrorCode.BLOB_ARCHIVED.equals(code) || BlobErrorCode.INVALID_BLOB_TYPE.equals(code)
              ? Reason.UNSUPPORTED
              : Reason.UNAVAILABLE;
      case 412 ->
          BlobErrorCode.LEASE_ID_MISSING.equals(code) ? Reason.PERMISSION : Reason.UNAVAILABLE;
      default -> Reason.UNAVAILABLE;
    };
  }

  private String advice(int status, BlobErrorCode code, Location location) {
    if (BlobErrorCode.CONTAINER_NOT_FOUND.equals(code)) {
      return "; create the container, or mind how the location is read: " + form(location);
    }
    if (BlobErrorCode.CONDITION_NOT_MET.equals(code)) {
      return "; the blob was replaced while it was read";
    }
    if (BlobErrorCode.BLOB_ARCHIVED.equals(code)) {
      return "; bring it back from the archive tier first";
    }
    if (BlobErrorCode.LEASE_ID_MISSING.equals(code)) {
      return "; somebody holds a lease on it";
    }
    if (BlobErrorCode.AUTHENTICATION_FAILED.equals(code)) {
      return "; check that the %s belongs to the account and has not expired, and the clock"
          .formatted(settings.credential());
    }
    if (status == 401 || status == 403) {
      return "; the %s may not do this: it needs the role Storage Blob Data Contributor or the"
              .formatted(settings.credential())
          + " permissions r, w, d, l, and the network of this host must be allowed";
    }
    if (status == 503 || status == 429) {
      return "; the account is at its limit: use fewer threads, or raise "
          + AzureOptions.MAX_ATTEMPTS;
    }
    return "";
  }

  private String form(Location location) {
    try {
      BlobAddress address = BlobAddress.of(location, settings.account());
      return "account '%s', container '%s'%s"
          .formatted(
              address.account(),
              address.container(),
              settings.account().isPresent()
                  ? ""
                  : "; set %s to name locations without their account"
                      .formatted(AzureOptions.ACCOUNT_NAME));
    } catch (StorageException e) {
      return e.getMessage();
    }
  }

  private StorageException unanswered(Throwable failure, Location location, String tried) {
    if (failure instanceof ClientAuthenticationException
        || failure.getClass().getName().startsWith("com.azure.identity.")) {
      return new StorageException(
          Reason.PERMISSION,
          location,
          tried
              + " (no credential was found; set storage.storage_options.account_key, sas_token or"
              + " connection_string, AZURE_STORAGE_KEY, or log in with the Azure command line)");
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return new StorageException(
            Reason.UNAVAILABLE,
            location,
            "%s (unknown host %s); the location is read as %s"
                .formatted(tried, cause.getMessage(), form(location)),
            failure);
      }
      if (cause instanceof TimeoutException) {
        return new StorageException(
            Reason.UNAVAILABLE,
            location,
            cause instanceof RequestMeter.BodyTimeoutException
                ? "%s (no whole answer from %s within %d s, %s)"
                    .formatted(
                        tried,
                        host(location),
                        settings.transfer().requestTimeout().toSeconds(),
                        AzureOptions.REQUEST_TIMEOUT_SECONDS)
                : "%s (no answer from %s within %d s, %s)"
                    .formatted(
                        tried,
                        host(location),
                        settings.transfer().timeout().toSeconds(),
                        AzureOptions.TIMEOUT_SECONDS),
            failure);
      }
    }
    boolean isTimeout =
        failure instanceof HttpException http && http.failure() == HttpException.Failure.TIMED_OUT;
    return new StorageException(
        Reason.UNAVAILABLE,
        location,
        "%s (%s: %s%s)"
            .formatted(
                tried,
                host(location),
                said(failure),
                isTimeout
                    ? "; see %s, %s"
                        .formatted(
                            AzureOptions.TIMEOUT_SECONDS, AzureOptions.REQUEST_TIMEOUT_SECONDS)
                    : ""),
        failure);
  }

  private String host(Location location) {
    try {
      return settings.endpointOf(BlobAddress.of(location, settings.account()).account());
    } catch (StorageException e) {
      return "the endpoint";
    }
  }

  private static String said(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}

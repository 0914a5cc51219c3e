/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.storage.blob.BlobServiceVersion;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.azure.AzureCredential.AccountKey;
import io.dlioflink.storage.azure.AzureCredential.SharedAccessSignature;
import io.dlioflink.storage.azure.AzureSettings.Client;
import io.dlioflink.storage.azure.AzureSettings.Transfer;
import io.dlioflink.storage.azure.SharedKeySigner.Signed;
import io.dlioflink.storage.http.ContentRange;
import io.dlioflink.storage.http.HttpClient;
import io.dlioflink.storage.http.HttpEndpoint;
import io.dlioflink.storage.http.HttpException;
import io.dlioflink.storage.http.HttpOptions;
import io.dlioflink.storage.http.HttpRequest;
import io.dlioflink.storage.http.HttpResponse;
import io.dlioflink.storage.http.HttpTimeouts;
import io.dlioflink.storage.http.UriEncoding;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves the bytes of blobs by our own HTTP, at little more than the cost of the socket: Get Blob
 * and Put Blob, signed with an account key or by a shared access signature. A request that fails
 * for a passing reason is repeated whole, with the pauses of the library. Safe for use by several
 * threads.
 */
final class LeanBlobs implements Closeable {
  private static final String VERSION = BlobServiceVersion.getLatest().getVersion();
  private static final int PARTIAL = 206;
  private static final int RANGE_PAST_THE_END = 416;
  private static final long NANOS_PER_PIECE = 200_000_000;

  private final AzureSettings settings;
  private final RequestTelemetry telemetry;
  private final BlobRequests errors;
  private final HttpClient http;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final ThreadLocal<Desk> desks = ThreadLocal.withInitial(Desk::new);
  private volatile boolean closed;

  /** Where an account's requests go. */
  private record Account(HttpEndpoint endpoint, String path) {}

  /** What a thread writes its requests with. */
  private static final class Desk {
    final HttpRequest request = new HttpRequest();
    final Map<String, SharedKeySigner> signers = new HashMap<>();
  }

  /**
   * What a read yielded.
   *
   * @param bytes read; 0 past the end
   * @param blobBytes length of the blob; unknown past the end
   * @param eTag without quotation marks
   */
  record Got(int bytes, OptionalLong blobBytes, String eTag) {}

  private LeanBlobs(AzureSettings settings, BlobRequests errors, RequestTelemetry telemetry) {
    this.settings = settings;
    this.errors = errors;
    this.telemetry = telemetry;
    Transfer transfer = settings.transfer();
    HttpTimeouts timeouts =
        new HttpTimeouts(
            transfer.connectTimeout(),
            transfer.connectTimeout(),
            transfer.timeout(),
            transfer.timeout(),
            transfer.timeout(),
            transfer.requestTimeout());
    try {
      http = new HttpClient(HttpOptions.DEFAULT.withTimeouts(timeouts), telemetry);
    } catch (IOException e) {
      throw new UncheckedIOException("No certificate authorities of its own, so none is bad", e);
    }
  }

  /** Opens no connection yet; empty if the settings want the library, or only it can sign. */
  static Optional<LeanBlobs> of(
      AzureSettings settings, BlobRequests errors, RequestTelemetry telemetry) {
    boolean signs =
        settings.credential() instanceof AccountKey
            || settings.credential() instanceof SharedAccessSignature;
    return signs && settings.transfer().client() == Client.LEAN
        ? Optional.of(new LeanBlobs(settings, errors, telemetry))
        : Optional.empty();
  }

  /**
   * Reads a range into the target, as far as the blob goes.
   *
   * @param eTag of the version wanted, without quotation marks; empty for any
   * @throws StorageException if it cannot be read; the target's position is where it was
   */
  Got get(Location location, long position, ByteBuffer target, String eTag) throws IOException {
    BlobAddress address = BlobAddress.of(location, settings.account());
    String range = "bytes=" + position + "-" + (position + target.remaining() - 1);
    String tried = "Cannot read at byte " + position;
    int start = target.position();
    boolean good = false;
    try {
      Got got =
          repeated(
              location,
              tried,
              () -> {
                target.position(start);
                return received(location, get(address, range, eTag, target), tried, position);
              });
      good = true;
      return got;
    } finally {
      if (!good) {
        target.position(start);
      }
    }
  }

  private HttpResponse get(BlobAddress address, String range, String eTag, ByteBuffer target)
      throws IOException {
    Account account = account(address);
    String path = path(account, address);
    Desk desk = desks.get();
    HttpRequest request = desk.request.start("GET", target(path));
    request.header("Host", account.endpoint().hostHeader()).header("Range", range);
    String ifMatch = eTag.isEmpty() ? "" : "\"" + eTag + "\"";
    if (!ifMatch.isEmpty()) {
      request.header("If-Match", ifMatch);
    }
    sign(desk, address, new Signed("GET", path, 0, "", ifMatch, range, ""));
    return http.exchange(account.endpoint(), request, target);
  }

  private Got received(Location location, HttpResponse response, String tried, long position)
      throws IOException {
    if (response.status() == RANGE_PAST_THE_END) {
      return new Got(0, OptionalLong.empty(), "");
    }
    requireSuccess(location, response, tried);
    if (response.header("x-ms-meta-hdi_isfolder").filter("true"::equals).isPresent()) {
      throw new StorageException(Reason.MISSING, location, "This is a folder");
    }
    int bytes = Math.toIntExact(response.bodyBytes());
    if (response.status() != PARTIAL) {
      if (position > 0) {
        throw new StorageException(
            Reason.UNSUPPORTED, location, tried + " (the server ignores ranges of bytes)");
      }
      return new Got(bytes, OptionalLong.of(bytes), eTag(response));
    }
    Optional<ContentRange> range = response.header("Content-Range").flatMap(ContentRange::parse);
    if (range.isEmpty()
        || !range.get().holds(position, bytes)
        || range.get().totalBytes().isEmpty()) {
      throw Refusal.passing(
          new StorageException(
              Reason.UNAVAILABLE,
              location,
              "%s (%d bytes came as Content-Range %s)"
                  .formatted(tried, bytes, response.header("Content-Range").orElse("nothing"))));
    }
    return new Got(bytes, range.get().totalBytes(), eTag(response));
  }

  private static String eTag(HttpResponse response) {
    // The library takes the quotation marks off, and the two must agree.
    String quoted = response.header("ETag").orElse("");
    boolean isQuoted = quoted.length() > 1 && quoted.startsWith("\"") && quoted.endsWith("\"");
    return isQuoted ? quoted.substring(1, quoted.length() - 1) : quoted;
  }

  /** Writes a blob in one request. The content's position is left alone. */
  void put(Location location, ByteBuffer content) throws IOException {
    BlobAddress address = BlobAddress.of(location, settings.account());
    String tried = "Cannot commit";
    repeated(
        location,
        tried,
        () -> {
          requireSuccess(location, put(address, content), tried);
          return null;
        });
  }

  private HttpResponse put(BlobAddress address, ByteBuffer content) throws IOException {
    Account account = account(address);
    String path = path(account, address);
    Desk desk = desks.get();
    String type = "application/octet-stream";
    HttpRequest request = desk.request.start("PUT", target(path));
    request.header("Host", account.endpoint().hostHeader()).header("Content-Type", type);
    request.header("x-ms-blob-type", "BlockBlob").body(content);
    sign(
        desk,
        address,
        new Signed("PUT", path, content.remaining(), type, "", "", "x-ms-blob-type:BlockBlob\n"));
    return http.exchange(account.endpoint(), request, null);
  }

  /** Adds what every request has. */
  private void sign(Desk desk, BlobAddress address, Signed signed) {
    if (!(settings.credential() instanceof AccountKey key)) {
      desk.request.header("x-ms-version", VERSION);
      return;
    }
    SharedKeySigner signer =
        desk.signers.computeIfAbsent(
            address.account(), name -> new SharedKeySigner(name, key.key()));
    String date = signer.date(Instant.now());
    desk.request.header("x-ms-date", date).header("x-ms-version", VERSION);
    String headers = signed.msHeaders() + "x-ms-date:" + date + "\nx-ms-version:" + VERSION + "\n";
    desk.request.header("Authorization", signer.authorization(signed.withMsHeaders(headers)));
  }

  private String target(String path) {
    return settings.credential() instanceof SharedAccessSignature signature
        ? path + "?" + signature.token()
        : path;
  }

  private Account account(BlobAddress address) {
    return accounts.computeIfAbsent(
        address.account(),
        name -> {
          URI uri = URI.create(settings.endpointOf(name));
          return new Account(HttpEndpoint.of(uri), uri.getRawPath());
        });
  }

  private static String path(Account account, BlobAddress address) {
    return account.path() + "/" + address.container() + "/" + UriEncoding.path(address.name());
  }

  private void requireSuccess(Location location, HttpResponse response, String tried)
      throws IOException {
    if (response.isSuccess()) {
      return;
    }
    String endpoint = account(BlobAddress.of(location, settings.account())).endpoint().name();
    throw Refusal.of(
        response.status(),
        errors.refused(
            new BlobRequests.Answer(
                response.status(),
                response.header("x-ms-error-code"),
                endpoint,
                response.header("x-ms-request-id")),
            location,
            tried));
  }

  /** An answer that is of no use, which the next one may be. */
  private static final class Refusal extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient StorageException failure;
    private final boolean throttle;
    private final boolean passing;

    private Refusal(StorageException failure, boolean throttle, boolean passing) {
      super(failure);
      this.failure = failure;
      this.throttle = throttle;
      this.passing = passing;
    }

    static Refusal of(int status, StorageException failure) {
      boolean throttle = status == 503 || status == 429;
      boolean fault = status == 408 || status == 500 || status == 502 || status == 504;
      return new Refusal(failure, throttle, throttle || fault);
    }

    static Refusal passing(StorageException failure) {
      return new Refusal(failure, false, true);
    }
  }

  private interface Request<T> {
    T send() throws IOException;
  }

  private <T> T repeated(Location location, String tried, Request<T> request) throws IOException {
    String endpoint = account(BlobAddress.of(location, settings.account())).endpoint().name();
    for (int attempt = 1; ; attempt++) {
      boolean isLast = attempt >= settings.transfer().maxAttempts() || closed;
      boolean throttled = false;
      try {
        return request.send();
      } catch (Refusal e) {
        if (isLast || !e.passing) {
          throw e.failure;
        }
        throttled = e.throttle;
      } catch (ClosedByInterruptException e) {
        throw interrupted(location, tried);
      } catch (HttpException e) {
        if (isLast || !isPassing(e)) {
          throw errors.sorted(e, location, tried);
        }
      }
      telemetry.retried(endpoint, throttled);
      pause(attempt, location, tried);
    }
  }

  private static boolean isPassing(HttpException failure) {
    return switch (failure.failure()) {
      case UNTRUSTED, CLOSED, TOO_LONG -> false;
      default -> true;
    };
  }

  private void pause(int attempt, Location location, String tried) throws IOException {
    long wait = AzureClients.FIRST_RETRY_DELAY.toNanos() << Math.min(attempt - 1, 20);
    long until = System.nanoTime() + Math.min(wait, AzureClients.LONGEST_RETRY_DELAY.toNanos());
    for (long left = until - System.nanoTime(); left > 0 && !closed; ) {
      // In pieces, so that a closed storage does not keep its threads.
      LockSupport.parkNanos(this, Math.min(left, NANOS_PER_PIECE));
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(location, tried);
      }
      left = until - System.nanoTime();
    }
  }

  private static IOException interrupted(Location location, String tried) {
    return new InterruptedIOException(tried + ": interrupted: " + location);
  }

  @Override
  public void close() {
    closed = true;
    http.close();
  }
}

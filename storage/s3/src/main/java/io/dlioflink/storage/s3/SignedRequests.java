/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.HttpClient;
import io.dlioflink.storage.http.HttpEndpoint;
import io.dlioflink.storage.http.HttpException;
import io.dlioflink.storage.http.HttpOptions;
import io.dlioflink.storage.http.HttpRequest;
import io.dlioflink.storage.http.HttpResponse;
import io.dlioflink.storage.http.HttpTimeouts;
import io.dlioflink.storage.s3.S3Settings.Identity.Keys;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;

/** Signs requests and sends them over our own HTTP; goes where a server redirects to. */
final class SignedRequests implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SignedRequests.class);
  private static final int MAX_REDIRECTS = 3;
  private static final int FORBIDDEN = 403;
  private static final int EXPECTATION_FAILED = 417;

  /**
   * A body that does not fit into the buffers of a connection is sent when the server has agreed:
   * one that refuses and reads no more would hold the thread that sends.
   */
  private static final long LARGE_BODY_BYTES = 4 << 20;

  private final S3Settings settings;
  private final AwsCredentialsProvider credentials;
  private final Clock clock;
  private final boolean signsPayload;
  private final HttpClient http;
  private final Semaphore connections;
  private final Map<Place, Destination> destinations = new ConcurrentHashMap<>();
  private final ThreadLocal<Desk> desks = ThreadLocal.withInitial(Desk::new);

  private volatile Duration serverAhead = Duration.ZERO;

  private record Place(Endpoint endpoint, String bucket) {}

  private record Target(Destination destination, String path) {
    Target at(URI other) {
      return new Target(destination.at(other), other.getRawPath());
    }
  }

  /** What a thread writes its requests with. */
  private static final class Desk {
    final HttpRequest request = new HttpRequest();
    final RequestSigner signer = new RequestSigner("s3");
    AwsCredentials credentials;
    Keys keys;
  }

  /**
   * Opens no connection yet.
   *
   * @param signsPayload whether bodies are hashed for the signature, at 3 ns a byte
   */
  SignedRequests(
      S3Settings settings,
      AwsCredentialsProvider credentials,
      RequestTelemetry telemetry,
      Clock clock,
      boolean signsPayload)
      throws IOException {
    this.settings = settings;
    this.credentials = credentials;
    this.clock = clock;
    this.signsPayload = signsPayload;
    connections = new Semaphore(settings.connections().max());
    Duration connect = settings.connections().connectTimeout();
    Duration answer = settings.connections().answerTimeout();
    HttpOptions options =
        HttpOptions.DEFAULT.withTimeouts(
            new HttpTimeouts(
                connect, connect, answer, answer, answer, settings.connections().requestTimeout()));
    http =
        new HttpClient(settings.caBundle().map(options::withCaBundle).orElse(options), telemetry);
  }

  /**
   * Sends a request once, not counting redirects.
   *
   * @param target takes the body of a success; null if there is none of interest
   * @return an answer of whatever status
   */
  HttpResponse send(Endpoint endpoint, ObjectKey object, SignedRequest request, ByteBuffer target)
      throws IOException {
    Place place = new Place(endpoint, object.bucket());
    Destination destination = destinations.get(place);
    if (destination == null) {
      destination = Destination.of(endpoint, object.bucket(), settings, Optional.empty());
      destinations.put(place, destination);
    }
    Target at = new Target(destination, destination.path(object));
    acquire(endpoint);
    try {
      for (int redirects = 0; ; redirects++) {
        HttpResponse response = sendTo(at, endpoint, request, target);
        if (response.isSuccess() || redirects == MAX_REDIRECTS) {
          return response;
        }
        learnTime(at, response);
        Optional<Target> next = redirected(response, place, object, at);
        if (next.isEmpty()) {
          return response;
        }
        at = next.get();
      }
    } catch (HttpException e) {
      throw RequestFailure.unanswered(endpoint, e.getMessage(), e);
    } finally {
      connections.release();
    }
  }

  private void acquire(Endpoint endpoint) throws IOException {
    try {
      long nanos = settings.connections().answerTimeout().toNanos();
      if (!connections.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        throw RequestFailure.unanswered(
            endpoint,
            "All %d connections are in use".formatted(settings.connections().max()),
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private HttpResponse sendTo(
      Target at, Endpoint endpoint, SignedRequest request, ByteBuffer target) throws IOException {
    Desk desk = desks.get();
    HttpRequest message = desk.request;
    String query = request.query();
    message.start(request.method(), query.isEmpty() ? at.path() : at.path() + "?" + query);
    sign(message, desk, at, endpoint, request);
    request.range().ifPresent(range -> message.header("Range", range));
    request.ifMatch().ifPresent(eTag -> message.header("If-Match", eTag));
    request.body().ifPresent(message::body);
    HttpEndpoint server = at.destination().server();
    boolean expects = isLarge(request) && http.heedsExpectations(server);
    if (expects) {
      message.expectContinue();
    }
    HttpResponse response = http.exchange(server, message, target);
    // Once more, without: the server will have none of it.
    return expects && response.status() == EXPECTATION_FAILED
        ? sendTo(at, endpoint, request, target)
        : response;
  }

  private static boolean isLarge(SignedRequest request) {
    long bytes = 0;
    if (request.body().isPresent()) {
      for (ByteBuffer buffer : request.body().get()) {
        bytes += buffer.remaining();
      }
    }
    return bytes >= LARGE_BODY_BYTES;
  }

  private void sign(
      HttpRequest message, Desk desk, Target at, Endpoint endpoint, SignedRequest request)
      throws IOException {
    Keys keys = keys(desk, endpoint);
    HeaderLines headers = new HeaderLines().add("host", at.destination().hostHeader());
    for (int i = 0; i < request.headers().count(); i++) {
      headers.add(request.headers().name(i), request.headers().value(i));
    }
    if (keys == null) {
      append(headers, message);
      return;
    }
    String payload = payload(desk, request);
    String time = desk.signer.time(clock.instant().plus(serverAhead));
    headers.add("x-amz-content-sha256", payload).add("x-amz-date", time);
    keys.sessionToken().ifPresent(token -> headers.add("x-amz-security-token", token));
    append(headers, message);
    message.header(
        "Authorization",
        desk.signer.authorization(
            keys,
            at.destination().region(),
            time,
            request.method(),
            at.path(),
            request.query(),
            headers,
            payload));
  }

  /** A server that finds the time of a signature wrong tells its own; from now on that counts. */
  private void learnTime(Target at, HttpResponse response) {
    if (response.status() != FORBIDDEN
        || !new ErrorDocument(response.text()).code().equals(RequestFailure.CLOCK_SKEW)) {
      return;
    }
    Optional<Instant> told = response.header("Date").flatMap(SignedRequests::instant);
    if (told.isPresent()) {
      serverAhead = Duration.between(clock.instant(), told.get());
      LOG.warn(
          "The clock of {} is {} s ahead of this host's; requests are signed by it",
          at.destination().server(),
          serverAhead.toSeconds());
    }
  }

  private static Optional<Instant> instant(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static void append(HeaderLines headers, HttpRequest message) {
    for (int i = 0; i < headers.count(); i++) {
      message.header(headers.name(i), headers.value(i));
    }
  }

  private String payload(Desk desk, SignedRequest request) {
    if (request.body().isEmpty()) {
      return RequestSigner.EMPTY_PAYLOAD;
    }
    return signsPayload
        ? desk.signer.payloadHash(Arrays.asList(request.body().get()))
        : RequestSigner.UNSIGNED_PAYLOAD;
  }

  /** The keys to sign with; null if nobody signs. */
  private Keys keys(Desk desk, Endpoint endpoint) throws IOException {
    AwsCredentials found;
    try {
      found = credentials.resolveCredentials();
    } catch (SdkException e) {
      throw RequestFailure.withoutCredentials(endpoint, "No credentials", e);
    }
    if (found.accessKeyId() == null) {
      return null;
    }
    if (found != desk.credentials) {
      Optional<String> token =
          found instanceof AwsSessionCredentials session
              ? Optional.of(session.sessionToken())
              : Optional.empty();
      desk.keys = new Keys(found.accessKeyId(), found.secretAccessKey(), token);
      desk.credentials = found;
    }
    return desk.keys;
  }

  /** Where the answer says that the request belongs. */
  private Optional<Target> redirected(
      HttpResponse response, Place place, ObjectKey object, Target at) {
    int status = response.status();
    boolean isElsewhere = status == 301 || status == 307 || status == 308;
    if (!isElsewhere && status != 400) {
      return Optional.empty();
    }
    ErrorDocument error = new ErrorDocument(response.text());
    // Who names an endpoint names its region too, as with the SDK.
    if (place.endpoint().custom()) {
      return isElsewhere ? location(response).map(at::at) : Optional.empty();
    }
    Optional<String> region =
        response
            .header("x-amz-bucket-region")
            .or(error::region)
            .filter(name -> !name.equals(at.destination().region()));
    if (region.isPresent()
        && (isElsewhere || error.code().equals("AuthorizationHeaderMalformed"))) {
      Destination known = Destination.of(place.endpoint(), place.bucket(), settings, region);
      destinations.put(place, known);
      return Optional.of(new Target(known, known.path(object)));
    }
    return isElsewhere ? location(response).map(at::at) : Optional.empty();
  }

  private static Optional<URI> location(HttpResponse response) {
    try {
      return response
          .header("Location")
          .map(URI::create)
          .filter(uri -> uri.getHost() != null && !uri.getRawPath().isEmpty())
          .filter(uri -> uri.getScheme().equals("http") || uri.getScheme().equals("https"));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}

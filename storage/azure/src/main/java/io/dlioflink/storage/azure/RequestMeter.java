/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.BinaryData;
import io.dlioflink.storage.RequestTelemetry;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Measures each attempt. The first byte is counted from where the pipeline hands the attempt to the
 * connection pool; bytes are those of bodies.
 */
final class RequestMeter implements HttpPipelinePolicy {

  /** Key of the {@link Attempts} in the context of a call. */
  static final String ATTEMPTS = "dlio-flink-attempts";

  /**
   * The attempts of one call: those of the retry policy, and the requests that go on with a body
   * after it broke off.
   */
  static final class Attempts {
    private int begun;
    private boolean throttled;

    private synchronized boolean isRepetition() {
      return begun++ > 0;
    }

    private synchronized boolean wasThrottled() {
      return throttled;
    }

    private synchronized void answered(int status) {
      throttled = status == 503 || status == 429;
    }

    /** Whether one attempt was enough. */
    synchronized boolean isFirst() {
      return begun <= 1;
    }
  }

  /** The body of an answer took too long as a whole; the library goes on from where it was. */
  static final class BodyTimeoutException extends TimeoutException {
    private static final long serialVersionUID = 1L;

    private BodyTimeoutException(String message) {
      super(message);
    }
  }

  private final RequestTelemetry telemetry;
  private final Duration bodyLimit;

  /**
   * Measures for a storage.
   *
   * @param bodyLimit how long the body of an answer may take; the library knows no such limit
   */
  RequestMeter(RequestTelemetry telemetry, Duration bodyLimit) {
    this.telemetry = telemetry;
    this.bodyLimit = bodyLimit;
  }

  @Override
  public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
    return Mono.defer(() -> attempt(context, next));
  }

  private Mono<HttpResponse> attempt(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
    String endpoint = endpoint(context.getHttpRequest().getUrl());
    Attempts attempts = attempts(context);
    if (attempts.isRepetition()) {
      telemetry.retried(endpoint, attempts.wasThrottled());
    }
    String length = context.getHttpRequest().getHeaders().getValue(HttpHeaderName.CONTENT_LENGTH);
    long sentBytes = length == null ? 0 : Long.parseLong(length);
    long started = System.nanoTime();
    return next.process()
        .<HttpResponse>map(
            response -> {
              attempts.answered(response.getStatusCode());
              telemetry.answered(endpoint, System.nanoTime() - started);
              telemetry.moved(endpoint, sentBytes, 0);
              return new MeasuredResponse(response, endpoint, telemetry, bodyLimit);
            })
        .doOnError(e -> telemetry.failed(endpoint))
        .doOnCancel(() -> telemetry.failed(endpoint));
  }

  private static Attempts attempts(HttpPipelineCallContext context) {
    Optional<Object> known = context.getData(ATTEMPTS);
    if (known.isPresent()) {
      return (Attempts) known.get();
    }
    // Listings do not hand on the context of their caller.
    Attempts fresh = new Attempts();
    context.setData(ATTEMPTS, fresh);
    return fresh;
  }

  private static String endpoint(URL url) {
    return url.getHost() + ":" + (url.getPort() < 0 ? url.getDefaultPort() : url.getPort());
  }

  /** Counts what is taken of the body. */
  private static final class MeasuredResponse extends HttpResponse {
    private final HttpResponse response;
    private final String endpoint;
    private final RequestTelemetry telemetry;
    private final Duration bodyLimit;
    private final long started = System.nanoTime();
    private long receivedBytes;

    MeasuredResponse(
        HttpResponse response, String endpoint, RequestTelemetry telemetry, Duration bodyLimit) {
      super(response.getRequest());
      this.response = response;
      this.endpoint = endpoint;
      this.telemetry = telemetry;
      this.bodyLimit = bodyLimit;
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      // Signals of one subscriber come one after the other.
      return response
          .getBody()
          .takeUntilOther(Mono.delay(bodyLimit).then(Mono.error(this::expired)))
          .doOnNext(piece -> receivedBytes += piece.remaining())
          .doOnTerminate(() -> received(receivedBytes))
          .doOnCancel(() -> received(receivedBytes));
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return response.getBodyAsByteArray().doOnNext(body -> received(body.length));
    }

    @Override
    public BinaryData getBodyAsBinaryData() {
      return response.getBodyAsBinaryData();
    }

    private BodyTimeoutException expired() {
      return new BodyTimeoutException(
          "Time-out after %d s for the whole answer".formatted(bodyLimit.toSeconds()));
    }

    private void received(long bytes) {
      telemetry.moved(endpoint, 0, bytes);
      telemetry.transferred(System.nanoTime() - started);
    }

    @Override
    public int getStatusCode() {
      return response.getStatusCode();
    }

    @Override
    @Deprecated
    public String getHeaderValue(String name) {
      return response.getHeaderValue(name);
    }

    @Override
    public String getHeaderValue(HttpHeaderName name) {
      return response.getHeaderValue(name);
    }

    @Override
    public HttpHeaders getHeaders() {
      return response.getHeaders();
    }

    @Override
    public Mono<String> getBodyAsString() {
      return response.getBodyAsString();
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return response.getBodyAsString(charset);
    }

    @Override
    public void close() {
      response.close();
    }
  }
}

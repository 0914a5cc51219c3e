/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.RequestWatch;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Tells the telemetry of every attempt that the SDK makes with one endpoint, and has an eye on how
 * long it takes, and on interrupts, which its sockets do not heed. Bytes are those of bodies. The
 * client does not show how long a connection takes: that is part of the first byte's time here.
 */
final class MeasuredHttpClient implements SdkHttpClient {
  private final SdkHttpClient client;
  private final String endpoint;
  private final RequestTelemetry telemetry;
  private final RequestWatch watch;

  /** The client and the watch are shared, and closed by whoever made them. */
  MeasuredHttpClient(
      SdkHttpClient client, Endpoint endpoint, RequestTelemetry telemetry, RequestWatch watch) {
    this.client = client;
    this.endpoint = endpoint.name();
    this.telemetry = telemetry;
    this.watch = watch;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Measured(client.prepareRequest(request), sentBytes(request));
  }

  private static long sentBytes(HttpExecuteRequest request) {
    return request
        .httpRequest()
        .firstMatchingHeader("Content-Length")
        .map(Long::parseLong)
        .orElse(0L);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {}

  /** Knows that a name was looked up, which happens once per connection, by the thread itself. */
  static final class Lookups extends SystemDefaultDnsResolver {
    private static final ThreadLocal<boolean[]> LOOKED_UP =
        ThreadLocal.withInitial(() -> new boolean[1]);

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      LOOKED_UP.get()[0] = true;
      return super.resolve(host);
    }

    static boolean takeHappened() {
      boolean[] flag = LOOKED_UP.get();
      boolean happened = flag[0];
      flag[0] = false;
      return happened;
    }
  }

  private final class Measured implements ExecutableHttpRequest {
    private final ExecutableHttpRequest request;
    private final long sentBytes;

    Measured(ExecutableHttpRequest request, long sentBytes) {
      this.request = request;
      this.sentBytes = sentBytes;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      Lookups.takeHappened();
      long start = System.nanoTime();
      HttpExecuteResponse response;
      RequestWatch.Watched watched = watch.begin(request::abort);
      try {
        response = request.call();
      } catch (IOException e) {
        watched.close();
        telemetry.failed(endpoint);
        throw watched.cause(e);
      } catch (RuntimeException e) {
        watched.close();
        telemetry.failed(endpoint);
        throw e;
      }
      long answered = System.nanoTime();
      if (Lookups.takeHappened()) {
        telemetry.connected(endpoint);
      }
      telemetry.answered(endpoint, answered - start);
      telemetry.moved(endpoint, sentBytes, 0);
      if (response.responseBody().isEmpty()) {
        watched.close();
        return response;
      }
      AbortableInputStream received = response.responseBody().get();
      Body body = new Body(received, answered, watched);
      Abortable abort =
          () -> {
            body.end();
            received.abort();
          };
      return HttpExecuteResponse.builder()
          .response(response.httpResponse())
          .responseBody(AbortableInputStream.create(body, abort))
          .build();
    }

    @Override
    public void abort() {
      request.abort();
    }
  }

  private final class Body extends FilterInputStream {
    private final long startNanos;
    private final RequestWatch.Watched watched;
    private long bytes;
    private boolean ended;

    Body(InputStream in, long startNanos, RequestWatch.Watched watched) {
      super(in);
      this.startNanos = startNanos;
      this.watched = watched;
    }

    @Override
    public int read() throws IOException {
      try {
        int value = super.read();
        received(value < 0 ? -1 : 1);
        return value;
      } catch (IOException e) {
        throw watched.cause(e);
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int read = super.read(target, offset, length);
        received(read);
        return read;
      } catch (IOException e) {
        throw watched.cause(e);
      }
    }

    private void received(int read) {
      if (read >= 0) {
        bytes += read;
      } else if (!ended) {
        end();
        if (bytes > 0) {
          telemetry.transferred(System.nanoTime() - startNanos);
        }
      }
    }

    private void end() {
      if (!ended) {
        ended = true;
        watched.close();
        telemetry.moved(endpoint, 0, bytes);
      }
    }

    @Override
    public void close() throws IOException {
      end();
      super.close();
    }
  }
}

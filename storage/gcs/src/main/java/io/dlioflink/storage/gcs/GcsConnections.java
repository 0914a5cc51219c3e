/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.RequestWatch;
import io.dlioflink.storage.gcs.GcsSettings.Transfer;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.LongSupplier;
import org.apache.http.ConnectionClosedException;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpConnectionMetrics;
import org.apache.http.HttpEntity;
import org.apache.http.HttpException;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.NoHttpResponseException;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.entity.HttpEntityWrapper;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.impl.conn.SystemDefaultRoutePlanner;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpCoreContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.apache.http.ssl.SSLContexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of a storage; each attempt on them is measured, bytes with their headers. */
final class GcsConnections implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(GcsConnections.class);

  private final CloseableHttpClient client;
  private final RequestWatch watch;

  GcsConnections(Transfer transfer, RequestTelemetry telemetry) {
    this.watch = new RequestWatch("gs-watch", transfer.requestTimeout());
    PoolingHttpClientConnectionManager pool =
        new PoolingHttpClientConnectionManager(
            RegistryBuilder.<ConnectionSocketFactory>create()
                .register(
                    "http",
                    new MeasuredSockets(
                        PlainConnectionSocketFactory.getSocketFactory(), telemetry, watch))
                .register(
                    "https",
                    new MeasuredSockets(
                        new SSLConnectionSocketFactory(SSLContexts.createDefault()),
                        telemetry,
                        watch))
                .build());
    pool.setMaxTotal(transfer.maxConnections());
    pool.setDefaultMaxPerRoute(transfer.maxConnections());
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(pool)
            .setRequestExecutor(new MeasuringExecutor(telemetry, watch, transfer.maxAttempts()))
            .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout((int) transfer.timeout().toMillis())
                    .build())
            .disableContentCompression()
            // Both are the library's business.
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .build();
  }

  /** The client that makes use of them. */
  CloseableHttpClient client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    watch.close();
    client.close();
  }

  private static String endpoint(HttpHost host) {
    int port =
        host.getPort() > 0 ? host.getPort() : host.getSchemeName().equals("https") ? 443 : 80;
    return host.getHostName() + ":" + port;
  }

  /** Measures how long connections take, TLS included. */
  private record MeasuredSockets(
      ConnectionSocketFactory sockets, RequestTelemetry telemetry, RequestWatch watch)
      implements ConnectionSocketFactory {
    @Override
    public Socket createSocket(HttpContext context) throws IOException {
      return sockets.createSocket(context);
    }

    @Override
    public Socket connectSocket(
        int connectTimeout,
        Socket socket,
        HttpHost host,
        InetSocketAddress remote,
        InetSocketAddress local,
        HttpContext context)
        throws IOException {
      long started = System.nanoTime();
      Socket connecting = socket == null ? createSocket(context) : socket;
      RequestWatch.Watched watched = watch.begin(() -> closeNow(connecting));
      try {
        Socket connected =
            sockets.connectSocket(connectTimeout, connecting, host, remote, local, context);
        telemetry.connected(endpoint(host), System.nanoTime() - started);
        return connected;
      } catch (IOException e) {
        begin(endpoint(host), method(context), telemetry);
        telemetry.failed(endpoint(host));
        throw watched.cause(e);
      } finally {
        watched.close();
      }
    }
  }

  private static void begin(String endpoint, String method, RequestTelemetry telemetry) {
    GcsCall.current()
        .ifPresent(
            call -> {
              boolean throttled = call.isThrottled();
              if (call.attempt(method)) {
                telemetry.retried(endpoint, throttled);
              }
            });
  }

  private static String method(HttpContext context) {
    HttpRequest request = HttpCoreContext.adapt(context).getRequest();
    return request == null ? "" : request.getRequestLine().getMethod();
  }

  private static final class MeasuringExecutor extends HttpRequestExecutor {
    private final RequestTelemetry telemetry;
    private final RequestWatch watch;
    private final int maxAttempts;

    MeasuringExecutor(RequestTelemetry telemetry, RequestWatch watch, int maxAttempts) {
      this.maxAttempts = maxAttempts;
      this.telemetry = telemetry;
      this.watch = watch;
    }

    @Override
    public HttpResponse execute(
        HttpRequest request, HttpClientConnection connection, HttpContext context)
        throws IOException, HttpException {
      String endpoint = endpoint(HttpCoreContext.adapt(context).getTargetHost());
      begin(endpoint, request.getRequestLine().getMethod(), telemetry);
      HttpConnectionMetrics metrics = connection.getMetrics();
      long sentBefore = metrics.getSentBytesCount();
      long receivedBefore = metrics.getReceivedBytesCount();
      long started = System.nanoTime();
      RequestWatch.Watched watched = watch.begin(() -> shutDown(connection));
      HttpResponse response;
      try {
        response = super.execute(request, connection, context);
      } catch (NoHttpResponseException | ConnectionClosedException e) {
        watched.close();
        telemetry.failed(endpoint);
        throw watched.cause(asReset(e));
      } catch (IOException e) {
        watched.close();
        telemetry.failed(endpoint);
        throw watched.cause(e);
      } catch (HttpException | RuntimeException e) {
        watched.close();
        telemetry.failed(endpoint);
        throw e;
      }
      telemetry.answered(endpoint, System.nanoTime() - started);
      telemetry.moved(endpoint, metrics.getSentBytesCount() - sentBefore, 0);
      GcsCall.current().ifPresent(call -> call.answered(response));
      LongSupplier receivedBytes = () -> metrics.getReceivedBytesCount() - receivedBefore;
      if (response.getEntity() == null) {
        watched.close();
        telemetry.moved(endpoint, 0, receivedBytes.getAsLong());
      } else {
        response.setEntity(
            new MeasuredBody(
                response.getEntity(), endpoint, telemetry, receivedBytes, watched, maxAttempts));
      }
      return response;
    }
  }

  private static void closeNow(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("A socket did not close well", e);
    }
  }

  private static void shutDown(HttpClientConnection connection) {
    try {
      connection.shutdown();
    } catch (IOException e) {
      LOG.debug("A connection did not close well", e);
    }
  }

  /** The library repeats what a socket did, and does not know these exceptions. */
  private static SocketException asReset(IOException failure) {
    SocketException reset = new SocketException(failure.getMessage());
    reset.initCause(failure);
    return reset;
  }

  /** Tells when a body has been taken, or given up. */
  private static final class MeasuredBody extends HttpEntityWrapper {
    private final String endpoint;
    private final RequestTelemetry telemetry;
    private final LongSupplier receivedBytes;
    private final RequestWatch.Watched watched;
    private final int maxAttempts;

    MeasuredBody(
        HttpEntity body,
        String endpoint,
        RequestTelemetry telemetry,
        LongSupplier receivedBytes,
        RequestWatch.Watched watched,
        int maxAttempts) {
      super(body);
      this.watched = watched;
      this.maxAttempts = maxAttempts;
      this.endpoint = endpoint;
      this.telemetry = telemetry;
      this.receivedBytes = receivedBytes;
    }

    @Override
    public InputStream getContent() throws IOException {
      return new MeasuredStream(super.getContent(), this);
    }

    /**
     * The library goes on with a body that failed as long as bytes come, so for ever with one that
     * trickles: the last time-out is one that it does not repeat.
     */
    private IOException failure(IOException failure) {
      IOException cause = watched.cause(failure);
      boolean last =
          cause instanceof RequestWatch.ExpiredException
              && GcsCall.current().map(call -> call.expired() >= maxAttempts).orElse(true);
      return last ? new IOException(cause.getMessage(), cause) : cause;
    }

    private void ended(long nanos) {
      watched.close();
      telemetry.moved(endpoint, 0, receivedBytes.getAsLong());
      telemetry.transferred(nanos);
    }
  }

  private static final class MeasuredStream extends FilterInputStream {
    private final MeasuredBody body;
    private final long started = System.nanoTime();
    private boolean ended;

    MeasuredStream(InputStream content, MeasuredBody body) {
      super(content);
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      try {
        return noted(super.read());
      } catch (ConnectionClosedException e) {
        throw body.failure(asReset(e));
      } catch (IOException e) {
        throw body.failure(e);
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return noted(super.read(target, offset, length));
      } catch (ConnectionClosedException e) {
        throw body.failure(asReset(e));
      } catch (IOException e) {
        throw body.failure(e);
      }
    }

    private int noted(int read) {
      if (read < 0) {
        end();
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      end();
      super.close();
    }

    private void end() {
      if (!ended) {
        ended = true;
        body.ended(System.nanoTime() - started);
      }
    }
  }
}

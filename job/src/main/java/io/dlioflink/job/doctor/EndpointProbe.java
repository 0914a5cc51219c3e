/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Asks the endpoints of a store for nothing: whether one answers at all, and what time it has
 * there. Any answer is good, a refusal too.
 */
final class EndpointProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Signed requests are refused from 5 to 15 minutes on, depending on the store. */
  private static final Duration REFUSED = Duration.ofMinutes(5);

  private static final Duration SUSPICIOUS = Duration.ofMinutes(1);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /** Asks one endpoint, e.g. {@code http://host:9000} or {@code host:443}. */
  List<Finding> ask(String endpoint) throws InterruptedException {
    String check = "endpoint " + shown(endpoint);
    URI uri;
    try {
      uri = uri(endpoint);
    } catch (IllegalArgumentException e) {
      return List.of(Finding.failed(check, "not an address", "give http://HOST:PORT"));
    }
    HttpRequest head =
        HttpRequest.newBuilder(uri)
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .timeout(TIMEOUT)
            .build();
    long start = System.nanoTime();
    Instant before = Instant.now();
    try {
      HttpResponse<Void> answer = client.send(head, HttpResponse.BodyHandlers.discarding());
      List<Finding> findings = new ArrayList<>();
      findings.add(
          Finding.ok(
              check,
              String.format(Locale.ROOT, "answers in %.1f ms", (System.nanoTime() - start) / 1e6)));
      findings.add(clock(endpoint, answer.headers().firstValue("date"), before));
      return findings;
    } catch (IOException e) {
      return List.of(failure(check, uri, e));
    }
  }

  private static URI uri(String endpoint) {
    if (endpoint.contains("://")) {
      return URI.create(endpoint).resolve("/");
    }
    return URI.create((endpoint.endsWith(":443") ? "https://" : "http://") + endpoint + "/");
  }

  /** Without what may be a password. */
  private static String shown(String endpoint) {
    return endpoint.replaceFirst("(?<=://)[^/@]+(?=@)", "***").replaceFirst("\\?.*", "");
  }

  private static Finding clock(String endpoint, Optional<String> date, Instant before) {
    String check = "clock of " + shown(endpoint);
    Optional<Instant> there = date.flatMap(EndpointProbe::parse);
    if (there.isEmpty()) {
      return Finding.skipped(check, "the endpoint tells no date");
    }
    // Dates are whole seconds; the middle of the request is the best guess of when it was.
    Instant now = Instant.now();
    Instant here = before.plus(Duration.between(before, now).dividedBy(2));
    Duration ahead = Duration.between(there.get().plusMillis(500), here);
    String detail =
        "this host is %d s %s"
            .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead");
    String remedy = "set the clocks, e.g. with chrony: signed requests are refused";
    if (ahead.abs().compareTo(REFUSED) > 0) {
      return Finding.failed(check, detail, remedy);
    }
    return ahead.abs().compareTo(SUSPICIOUS) > 0
        ? Finding.warning(check, detail, remedy)
        : Finding.ok(check, detail);
  }

  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Finding failure(String check, URI uri, IOException failure) {
    String host = uri.getHost();
    if (causedBy(failure, UnresolvedAddressException.class)
        || causedBy(failure, UnknownHostException.class)) {
      return Finding.failed(
          check, "the name " + host + " is not known", "correct the name, or the DNS of this host");
    }
    if (causedBy(failure, SSLException.class)) {
      return Finding.failed(
          check,
          "no TLS: " + failure.getMessage(),
          "make its authority known to this host (AWS_CA_BUNDLE, or Java's trust store)");
    }
    if (failure instanceof HttpTimeoutException) {
      return Finding.failed(
          check,
          "no answer within " + TIMEOUT.toSeconds() + " s",
          "look at firewalls between this host and " + host);
    }
    if (failure instanceof ConnectException) {
      return Finding.failed(
          check,
          "the connection was refused",
          "start the store, or correct the port " + uri.getPort());
    }
    return Finding.failed(
        check, String.valueOf(failure.getMessage()), "look at what listens at " + host);
  }

  private static boolean causedBy(Throwable failure, Class<? extends Throwable> kind) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}

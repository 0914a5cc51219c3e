/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.HttpException.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;

/** One request and its answer on one connection. */
final class HttpExchange {
  private static final int MAX_TEXT_BYTES = 64 << 10;
  private static final int MAX_INTERIM_ANSWERS = 16;
  private static final long CONTINUE_MILLIS = 1000;
  private static final int CONTINUE = 100;
  private static final int EXPECTATION_FAILED = 417;
  private static final byte[] NO_TEXT = {};

  private final HttpConnection connection;
  private final HttpRequest request;
  private final HttpOptions options;
  private final RequestTelemetry telemetry;
  private final String endpoint;
  private long sentAt;
  private boolean answered;
  private boolean awaitsContinue;
  private boolean bodySent = true;
  private boolean reusable;
  private int status;
  private ByteBuffer target;

  HttpExchange(
      HttpConnection connection,
      HttpRequest request,
      HttpOptions options,
      RequestTelemetry telemetry,
      String endpoint) {
    this.connection = connection;
    this.request = request;
    this.options = options;
    this.telemetry = telemetry;
    this.endpoint = endpoint;
  }

  /**
   * Sends the request and receives the answer.
   *
   * @param target takes the body of a success; null to receive it as text
   */
  HttpResponse run(ByteBuffer target) throws IOException {
    this.target = target;
    sentAt = Deadline.now();
    AnswerHead head = send();
    if (head == null) {
      head = receiveHead();
    }
    status = head.status();
    long bodyAt = Deadline.now();
    boolean isText = target == null || head.status() / 100 != 2;
    if (connection.aheadBytes() > 0 && (isText || !head.hasLength(connection.aheadBytes()))) {
      connection.takeBack(target);
    }
    ByteBuffer sink = isText ? textSink(head) : target;
    BodyReader body = new BodyReader(connection, sink, head.status() / 100 != 2, options);
    body.read(head);
    reusable =
        body.isComplete() && bodySent && head.keepsAlive() && !connection.input().hasRemaining();
    if (body.bodyBytes() > 0) {
      telemetry.transferred(Deadline.now() - bodyAt);
    }
    return new HttpResponse(head, body.trailers(), body.bodyBytes(), isText ? text(sink) : NO_TEXT);
  }

  /** Sends the request; returns the answer if it came before the body was sent, else null. */
  private AnswerHead send() throws IOException {
    if (request.expectsContinue()) {
      AnswerHead refusal = sendHeadAlone();
      if (refusal != null) {
        bodySent = false;
        return refusal;
      }
    }
    long start = request.expectsContinue() ? Deadline.now() : sentAt;
    try {
      if (request.expectsContinue()) {
        connection.sendBody(request);
      } else {
        connection.sendHead(request, true);
      }
    } catch (IOException e) {
      return answerInsteadOf(e);
    }
    if (request.bodyBytes() > 0) {
      telemetry.transferred(Deadline.now() - start);
    }
    return null;
  }

  /** Sends the head and waits a while; returns the answer unless the body may follow. */
  private AnswerHead sendHeadAlone() throws IOException {
    connection.sendHead(request, false);
    if (!connection.isAnsweredWithin(CONTINUE_MILLIS)) {
      if (!Thread.currentThread().isInterrupted()) {
        connection.ignoresExpectations();
      }
      return null;
    }
    long answeredAt = Deadline.now();
    awaitsContinue = true;
    AnswerHead head = receiveAnyHead();
    awaitsContinue = false;
    if (head.status() == CONTINUE) {
      answered = false;
      return null;
    }
    telemetry.answered(endpoint, answeredAt - sentAt);
    if (head.status() == EXPECTATION_FAILED) {
      connection.ignoresExpectations();
    }
    return head;
  }

  /** A server that refuses a request may close before it has received the body. */
  private AnswerHead answerInsteadOf(IOException failure) throws IOException {
    if (request.bodyBytes() == 0
        || failure instanceof ClosedByInterruptException
        || connection.isExpired()) {
      throw failure;
    }
    bodySent = false;
    try {
      return receiveHead();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private AnswerHead receiveHead() throws IOException {
    for (int i = 0; i < MAX_INTERIM_ANSWERS; i++) {
      AnswerHead head = receiveAnyHead();
      if (head.status() >= 200) {
        return head;
      }
      if (head.status() == 101) {
        throw new MalformedAnswer("a change of protocol that was not asked for");
      }
    }
    throw new MalformedAnswer("more than %d interim answers".formatted(MAX_INTERIM_ANSWERS));
  }

  private AnswerHead receiveAnyHead() throws IOException {
    int scanned = 0;
    while (true) {
      ByteBuffer input = connection.input();
      int end = headEnd(input, scanned);
      if (end != input.limit() && connection.aheadBytes() > 0) {
        connection.takeBack(target);
        continue;
      }
      if (end >= 0) {
        byte[] text = new byte[end - input.position()];
        input.get(text);
        AnswerHead head =
            AnswerHead.parse(text, request.method().equals("HEAD"), options.maxHeaders());
        if (target != null && head.status() / 100 == 2 && head.hasLength(1)) {
          connection.expectHead(text.length);
        }
        return head;
      }
      if (input.remaining() >= options.maxHeadBytes()) {
        throw new MalformedAnswer("a head of more than %d bytes".formatted(options.maxHeadBytes()));
      }
      scanned = Math.max(0, input.remaining() - 2);
      receive(input);
    }
  }

  private void receive(ByteBuffer input) throws IOException {
    if (answered) {
      if (connection.fill() < 0) {
        throw new HttpException(
            Failure.TRUNCATED,
            "The answer ended after %d bytes of its head".formatted(input.remaining()));
      }
      return;
    }
    if (connection.fillFirst(target) < 0) {
      throw new HttpException(Failure.LOST, "The server closed the connection without an answer");
    }
    answered = true;
    if (!awaitsContinue) {
      telemetry.answered(endpoint, Deadline.now() - sentAt);
    }
  }

  /** Where the first empty line ends; -1 if it has not come. */
  private static int headEnd(ByteBuffer input, int scanned) {
    int limit = input.limit();
    for (int i = input.position() + scanned; i < limit; i++) {
      if (input.get(i) != '\n') {
        continue;
      }
      if (i + 1 < limit && input.get(i + 1) == '\n') {
        return i + 2;
      }
      if (i + 2 < limit && input.get(i + 1) == '\r' && input.get(i + 2) == '\n') {
        return i + 3;
      }
    }
    return -1;
  }

  private static ByteBuffer textSink(AnswerHead head) {
    return switch (head.framing()) {
      case NONE -> ByteBuffer.wrap(NO_TEXT);
      case LENGTH -> ByteBuffer.allocate((int) Math.min(MAX_TEXT_BYTES, head.contentBytes()));
      case CHUNKED, UNTIL_CLOSE -> ByteBuffer.allocate(MAX_TEXT_BYTES);
    };
  }

  private static byte[] text(ByteBuffer sink) {
    if (sink.position() == 0) {
      return NO_TEXT;
    }
    byte[] text = new byte[sink.flip().remaining()];
    sink.get(text);
    return text;
  }

  /** Whether a byte of an answer came. */
  boolean isAnswered() {
    return answered;
  }

  /** Status of the answer; 0 before it is known. */
  int status() {
    return status;
  }

  /** Whether the connection can carry another exchange. */
  boolean isReusable() {
    return reusable;
  }
}

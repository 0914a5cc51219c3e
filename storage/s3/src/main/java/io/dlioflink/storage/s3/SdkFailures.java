/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Turns what the SDK throws into {@link RequestFailure}s. */
final class SdkFailures {
  private SdkFailures() {}

  /** Makes a call of the SDK. */
  static <T> T translated(Endpoint endpoint, Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (SdkException e) {
      throw translated(endpoint, e);
    } catch (IllegalStateException e) {
      throw closed(endpoint, e);
    }
  }

  /** What a client says whose storage was closed meanwhile. */
  static RequestFailure closed(Endpoint endpoint, IllegalStateException e) {
    return RequestFailure.unanswered(endpoint, "The client is closed", e);
  }

  static IOException translated(Endpoint endpoint, SdkException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof RequestFailure failure) {
        return failure;
      }
      if (cause instanceof AbortedException || cause instanceof InterruptedException) {
        // The SDK takes the mark away.
        Thread.currentThread().interrupt();
        return interrupted(e);
      }
    }
    if (Thread.currentThread().isInterrupted()) {
      return interrupted(e);
    }
    if (e instanceof AwsServiceException refusal) {
      return RequestFailure.refused(endpoint, answer(refusal));
    }
    return isAboutCredentials(e)
        ? RequestFailure.withoutCredentials(endpoint, "No credentials", e)
        : RequestFailure.unanswered(endpoint, root(e), e);
  }

  private static IOException interrupted(SdkException e) {
    InterruptedIOException interrupted = new InterruptedIOException("Interrupted in a request");
    interrupted.initCause(e);
    return interrupted;
  }

  static RequestFailure.Answer answer(AwsServiceException e) {
    Optional<AwsErrorDetails> details = Optional.ofNullable(e.awsErrorDetails());
    Optional<SdkHttpResponse> http = details.map(AwsErrorDetails::sdkHttpResponse);
    return new RequestFailure.Answer(
        e.statusCode(),
        details.map(AwsErrorDetails::errorCode).orElse(""),
        details.map(AwsErrorDetails::errorMessage).orElse(""),
        Optional.ofNullable(e.requestId()).orElse(""),
        http.flatMap(answer -> answer.firstMatchingHeader("Retry-After"))
            .flatMap(SdkFailures::seconds),
        http.flatMap(answer -> answer.firstMatchingHeader("x-amz-bucket-region")));
  }

  // The other form of the header, a date, is not used by stores.
  private static Optional<Duration> seconds(String text) {
    return text.matches("\\d{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
        : Optional.empty();
  }

  private static boolean isAboutCredentials(SdkException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("credentials") || message.contains("Profile");
  }

  private static String root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : ": " + root.getMessage();
    return root.getClass().getSimpleName() + message;
  }
}

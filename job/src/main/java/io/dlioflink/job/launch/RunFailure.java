/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.sink.checkpoint.CheckpointException;
import io.dlioflink.sink.metrics.RunBegunAgainException;
import io.dlioflink.source.barrier.BrokenStepBarrierException;
import io.dlioflink.source.dataset.DatasetException;
import io.dlioflink.storage.StorageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.runtime.io.network.netty.exception.TransportException;
import org.apache.flink.util.SerializedThrowable;

/**
 * Why a job failed, sorted.
 *
 * @param exitCode the sort
 * @param message for people, without Flink's wrapping
 */
public record RunFailure(ExitCode exitCode, String message) {
  /** Flink has no one type for this; these are its words (JobMaster, Pekko RPC, Netty shuffle). */
  private static final List<String> LOST_TASK_MANAGER =
      List.of(
          "is no longer reachable",
          "recipient is unreachable",
          "Heartbeat of TaskManager",
          "The heartbeat of TaskManager",
          "Connection unexpectedly closed by remote task manager",
          "Lost connection to task manager",
          "re-registered with a new session id",
          "TaskExecutor has been shut down");

  /** Start of Pekko's message, whose exception may not be on the class path. */
  private static final String NO_ANSWER = "Ask timed out on ";

  private static final String NO_SPACE = "No space left on device";

  /** Finds the cause that matters in what Flink reports. */
  public static RunFailure of(Throwable reported) {
    BrokenStepBarrierException barrier = null;
    for (Throwable cause = unwrap(reported); cause != null; cause = unwrap(cause.getCause())) {
      Optional<RunFailure> sorted = sort(cause);
      if (sorted.isPresent()) {
        return sorted.get();
      }
      if (cause instanceof BrokenStepBarrierException broken && barrier == null) {
        barrier = broken;
      }
    }
    if (barrier != null) {
      return new RunFailure(ExitCode.INVALID, barrier.getMessage());
    }
    return lostTaskManager(reported)
        .map(why -> new RunFailure(ExitCode.INVALID, "A task manager was lost: " + why))
        .orElseGet(() -> new RunFailure(ExitCode.FAILURE, text(reported)));
  }

  private static Optional<RunFailure> sort(Throwable cause) {
    if (cause instanceof DatasetException
        || cause instanceof CheckpointException
        || cause instanceof BrokenFileException
        || cause instanceof UnsupportedFileException) {
      return Optional.of(new RunFailure(ExitCode.DATASET, cause.getMessage()));
    }
    if (cause instanceof RunBegunAgainException) {
      return Optional.of(new RunFailure(ExitCode.INVALID, cause.getMessage()));
    }
    if (cause instanceof StorageException storage) {
      ExitCode code =
          storage.reason() == StorageException.Reason.MISSING ? ExitCode.DATASET : ExitCode.STORAGE;
      Throwable root = storage.getCause();
      String why = root == null || root.getMessage() == null ? "" : root.getMessage();
      String message = storage.getMessage();
      return Optional.of(
          new RunFailure(code, message.contains(why) ? message : message + " (" + why + ")"));
    }
    if (cause instanceof IOException && NO_SPACE.equals(cause.getMessage())) {
      // Not of a storage of ours, which names the file: of logs, Flink's own sinks, local spools.
      return Optional.of(
          new RunFailure(
              ExitCode.STORAGE, NO_SPACE + " for results, or for temporary files of a worker"));
    }
    return Optional.empty();
  }

  /** How, if one was lost. */
  private static Optional<String> lostTaskManager(Throwable reported) {
    for (Throwable cause = unwrap(reported); cause != null; cause = unwrap(cause.getCause())) {
      String text = String.valueOf(cause.getMessage());
      if (cause instanceof TransportException) {
        // Flink's, and the only one that says which task manager the connection led to.
        return Optional.of(text);
      }
      if (LOST_TASK_MANAGER.stream().anyMatch(text::contains)) {
        return Optional.of(text(reported));
      }
      if (text.contains(NO_ANSWER)) {
        return Optional.of(
            "it was too busy to answer; give it fewer slots or more time (pekko.ask.timeout,"
                + " heartbeat.timeout): "
                + text);
      }
    }
    return Optional.empty();
  }

  private static Throwable unwrap(Throwable cause) {
    return cause instanceof SerializedThrowable serialized
        ? serialized.deserializeError(RunFailure.class.getClassLoader())
        : cause;
  }

  /** The messages below Flink's own wrapping, outermost first, each once. */
  private static String text(Throwable reported) {
    String text = "";
    String last = "";
    for (Throwable cause = unwrap(reported); cause != null; cause = unwrap(cause.getCause())) {
      last = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      boolean ours = !cause.getClass().getName().startsWith("org.apache.flink.");
      if (ours && !text.contains(last)) {
        text = text.isEmpty() ? last : text + ": " + last;
      }
    }
    return text.isEmpty() ? last : text;
  }
}

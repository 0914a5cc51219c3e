/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.source.barrier.BrokenStepBarrierException;
import io.dlioflink.source.dataset.DatasetException;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.io.network.netty.exception.LocalTransportException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;

class RunFailureTest {
  private static final Location FILE = Location.parse("/d/a.npz");

  /** As Flink hands it to a client. */
  private static RunFailure reported(Throwable cause) {
    return RunFailure.of(
        new SerializedThrowable(new JobException("Recovery is suppressed", cause)));
  }

  @Test
  void aMissingDatasetIsTheDatasetsFault() {
    RunFailure failure =
        reported(new UncheckedIOException(new DatasetException("2 of 3 files are there")));
    assertThat(failure).isEqualTo(new RunFailure(ExitCode.DATASET, "2 of 3 files are there"));
  }

  @Test
  void aBrokenFileIsNamed() {
    RunFailure failure = reported(new BrokenFileException(FILE, 7, "no zip"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.DATASET);
    assertThat(failure.message()).isEqualTo("Broken file /d/a.npz at byte 7: no zip");
  }

  @Test
  void aStorageFailureSaysWhatTheSystemSaid() {
    RunFailure failure =
        reported(
            new StorageException(
                Reason.PERMISSION, FILE, "Cannot open", new IOException("Permission denied")));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.STORAGE);
    assertThat(failure.message()).contains("Cannot open: /d/a.npz", "Permission denied");
  }

  @Test
  void aFullDiskIsTheStoragesFaultWhoeverFindsIt() {
    assertThat(reported(new IOException("No space left on device")))
        .isEqualTo(
            new RunFailure(
                ExitCode.STORAGE,
                "No space left on device for results, or for temporary files of a worker"));
  }

  @Test
  void aFileThatVanishesDuringTheRunIsTheDatasetsFault() {
    assertThat(reported(new StorageException(Reason.MISSING, FILE, "No such file")).exitCode())
        .isEqualTo(ExitCode.DATASET);
  }

  @Test
  void aLostRankMakesTheRunInvalid() {
    assertThat(reported(new BrokenStepBarrierException("The task manager is gone", null)))
        .isEqualTo(new RunFailure(ExitCode.INVALID, "The task manager is gone"));
    for (String words :
        List.of(
            "TaskManager with id x is no longer reachable.",
            "Heartbeat of TaskManager with id x timed out.",
            "org.apache.pekko.pattern.AskTimeoutException: Ask timed out on [Actor[x]] after [10000"
                + " ms].",
            "A registered TaskManager x re-registered with a new session id.")) {
      assertThat(reported(new IOException(words)).exitCode()).as(words).isEqualTo(ExitCode.INVALID);
    }
  }

  @Test
  void aConnectionThatWasCutNamesTheTaskManagerItLedTo() {
    String words = "Connection timed out (connection to '10.0.0.2:4711 [taskmanager-1]')";
    LocalTransportException cut =
        new LocalTransportException(
            words, new InetSocketAddress("10.0.0.1", 1), new IOException("Connection timed out"));

    assertThat(reported(cut))
        .isEqualTo(new RunFailure(ExitCode.INVALID, "A task manager was lost: " + words));
  }

  @Test
  void anythingElseIsAFailureWithTheMessagesBelowFlinks() {
    assertThat(reported(new IllegalStateException("outer", new IOException("inner"))))
        .isEqualTo(new RunFailure(ExitCode.FAILURE, "outer: inner"));
  }

  @Test
  void anUnreachableBarrierSaysWhatToDo() {
    IOException failure =
        new IOException(
            "not reachable; set --barrier-address", new IOException("Connection refused"));
    assertThat(reported(failure).message())
        .isEqualTo("not reachable; set --barrier-address: Connection refused");
  }
}

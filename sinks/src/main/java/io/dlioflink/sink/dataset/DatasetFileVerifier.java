/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.DecoderFactory;
import io.dlioflink.format.FileComparison;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.sink.metrics.BadFile;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.workload.SampleShapes;
import java.io.IOException;
import java.util.Optional;

/**
 * Checks single dataset files; one per thread. A file of ours is compared, byte for byte, with what
 * would be generated now; any other one is decoded completely.
 */
final class DatasetFileVerifier implements FileThreads.FileWorker<FilesToCheck> {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int MAX_FAILURES_IN_A_ROW = 10;

  private final DatasetFileWriter.Target target;
  private final VerifyTelemetry telemetry;
  private final SampleFileEncoder encoder;
  private final SampleFileDecoder decoder;
  private final FileComparison comparison;
  private final FileInput input = new FileInput(CHUNK_BYTES);
  private int failuresInARow;

  /**
   * A verifier for one thread.
   *
   * @param format of the files
   * @param decoders make the readers of files that are not ours
   */
  DatasetFileVerifier(
      DatasetFileWriter.Target target,
      SampleFormat format,
      DecoderFactory decoders,
      VerifyTelemetry telemetry) {
    this.target = target;
    this.telemetry = telemetry;
    this.decoder = decoders.newDecoder(ReadSpec.of(target.dataset()));
    this.encoder = format.newEncoder();
    this.comparison =
        new FileComparison(format, encoder, RandomContent.of(target.dataset().content()));
  }

  @Override
  public void work(FilesToCheck request) throws IOException {
    long fileNumber = request.firstFileNumber();
    for (String path : request.paths()) {
      verify(fileNumber++, path, request.ours());
    }
  }

  /**
   * Checks a file; what is wrong with it goes to the telemetry.
   *
   * @throws StorageException if the storage fails for one file after the other
   */
  void verify(long fileNumber, String path, boolean ours) throws IOException {
    DatasetFile file = new DatasetFile(target.root(), path);
    long start = System.nanoTime();
    Optional<String> problem = ours ? compare(fileNumber, file) : decode(file);
    if (problem.isEmpty()) {
      failuresInARow = 0;
    }
    telemetry.checked(
        System.nanoTime() - start, ours, problem.map(text -> new BadFile(path, text)));
  }

  private Optional<String> compare(long fileNumber, DatasetFile file) throws IOException {
    Storage storage = target.storage();
    SampleShapes shapes = target.shapes();
    try {
      comparison.compare(storage, file, FileSpec.of(target.dataset(), shapes, fileNumber));
      return Optional.empty();
    } catch (BrokenFileException e) {
      // The bytes differ; what that means to a reader is worth knowing.
      String meaning = decode(file).orElse("the format's own checks pass");
      return Optional.of(e.getMessage() + "; " + meaning);
    } catch (StorageException e) {
      return unreadable(e);
    }
  }

  private Optional<String> decode(DatasetFile file) throws IOException {
    try {
      input.open(target.storage(), file);
      decoder.verify(input, target.dataset().numSamplesPerFile());
      return Optional.empty();
    } catch (BrokenFileException | UnsupportedFileException e) {
      return Optional.of(e.getMessage());
    } catch (StorageException e) {
      return unreadable(e);
    } finally {
      input.close();
    }
  }

  /**
   * A file that cannot be read is a bad one; a storage that fails again and again is no storage.
   */
  private Optional<String> unreadable(StorageException failure) throws StorageException {
    switch (failure.reason()) {
      case MISSING, PERMISSION -> {}
      default -> {
        failuresInARow++;
        if (failuresInARow >= MAX_FAILURES_IN_A_ROW) {
          throw failure;
        }
      }
    }
    Throwable cause = failure.getCause();
    return Optional.of(
        failure.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")"));
  }

  @Override
  public void close() {
    encoder.close();
    decoder.close();
  }
}

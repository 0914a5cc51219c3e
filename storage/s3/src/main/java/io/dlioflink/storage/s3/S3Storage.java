/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.TransferCounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Objects in buckets of S3 and of stores that speak its protocol. */
final class S3Storage implements Storage {
  private static final AtomicInteger THREAD_NUMBERS = new AtomicInteger();
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final S3Settings settings;
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private final TransferCounts counts = new TransferCounts();
  private final SdkClients clients;
  private final ObjectTransfer transfer;
  private final RequestRetries retries;
  private final ObjectRequests objects;
  private final UploadRequests uploads;
  private final PartBuffers partBuffers;
  private final PartSizes partSizes;
  private final ExecutorService threads;

  /** Makes what moves the bytes of objects. */
  interface TransferFactory {
    ObjectTransfer create(
        SdkClients clients, AwsCredentialsProvider credentials, RequestTelemetry telemetry)
        throws IOException;
  }

  S3Storage(S3Settings settings, TransferFactory transfers) throws IOException {
    this.settings = settings;
    AwsCredentialsProvider credentials = Identities.provider(settings.identity());
    this.clients = new SdkClients(settings, credentials, telemetry);
    this.transfer = transfers.create(clients, credentials, telemetry);
    this.retries =
        new RequestRetries(
            new Endpoints(settings.endpoints(), settings.loadBalance(), System::nanoTime),
            new RequestErrors(settings.identity()),
            telemetry,
            settings.maxAttempts());
    this.objects = new ObjectRequests(clients, transfer, retries);
    this.uploads = new UploadRequests(clients, transfer, retries, objects, settings.checksums());
    this.partBuffers = new PartBuffers(settings.writing().bufferBytes());
    this.partSizes = new PartSizes(settings.writing());
    this.threads = threads(settings.transferThreads());
  }

  private static ExecutorService threads(int count) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "s3-transfer-" + THREAD_NUMBERS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  @Override
  public StorageListing list(Location folder) {
    return new S3Listing(objects, folder);
  }

  @Override
  public Optional<StorageEntry> stat(Location file) throws IOException {
    return file.path().isEmpty()
        ? Optional.empty()
        : objects.head(file).map(head -> new StorageEntry(file, head.lengthBytes()));
  }

  @Override
  public StorageReader openReader(Location file) {
    return new S3Reader(objects, threads, counts, settings.reading(), file);
  }

  @Override
  public StorageWriter openWriter(Location file) {
    return new S3Writer(this, file, partSizes);
  }

  PartBuffers partBuffers() {
    return partBuffers;
  }

  void put(Location file, List<ByteBuffer> content, long bytes) throws IOException {
    objects.put(file, content);
    counts.addWritten(bytes);
  }

  MultipartUpload beginUpload(Location file) throws IOException {
    return MultipartUpload.begin(uploads, partBuffers, threads, counts, file);
  }

  @Override
  public void delete(Location file) throws IOException {
    objects.delete(file);
  }

  /**
   * Drops the uploads in parts below the folder that were begun and neither completed nor dropped;
   * their parts cost space and are seen nowhere else. A store does not tell whose they are, so for
   * a bucket as a whole, which others may use, nothing is done.
   */
  @Override
  public long removeAbandonedWrites(Location folder) throws IOException {
    return folder.path().isEmpty() ? 0 : new AbandonedUploads(uploads, folder).remove();
  }

  @Override
  public IoCounts ioCounts() {
    return counts.snapshot(telemetry.retries());
  }

  @Override
  public Optional<RequestTelemetry> requests() {
    return Optional.of(telemetry);
  }

  @Override
  public void close() throws IOException {
    retries.close();
    threads.shutdown();
    try (clients) {
      transfer.close();
    }
  }
}

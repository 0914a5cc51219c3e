/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A store with keys and no folders, shared by all in this process. An object appears when its
 * writer commits. Two endpoints answer in turn; every twentieth request is throttled once.
 */
final class FakeObjectStore implements Storage {
  /** The one key it lets in. */
  static final String SECRET = "MARKED-SECRET-4711";

  /** All objects, by {@code bucket/key}. */
  static final Map<String, byte[]> OBJECTS = new ConcurrentSkipListMap<>();

  /** Where unfinished writes were removed. */
  static final List<String> CLEARED = new CopyOnWriteArrayList<>();

  /** Reads of keys that end so fail; empty for none. */
  static volatile String brokenSuffix = "";

  /** Keys that contain this may not be written; empty for none. */
  static volatile String readOnly = "";

  private static final int THROTTLED_EVERY = 20;
  private static final List<String> NOWHERE = List.of("store-1:9000", "store-2:9000");

  /** What answers requests, as it says. */
  static volatile List<String> endpoints = NOWHERE;

  private final RequestTelemetry requests = new RequestTelemetry();
  private final AtomicInteger made = new AtomicInteger();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();

  static void reset() {
    OBJECTS.clear();
    CLEARED.clear();
    brokenSuffix = "";
    readOnly = "";
    endpoints = NOWHERE;
  }

  private static String key(Location file) {
    return file.authority() + "/" + file.path();
  }

  private void request(long sent, long received) {
    int number = made.incrementAndGet();
    String endpoint = endpoints.get(number % endpoints.size());
    if (number <= endpoints.size()) {
      requests.connected(endpoint, 50_000);
    }
    if (number % THROTTLED_EVERY == 0) {
      requests.answered(endpoint, 10_000);
      requests.retried(endpoint, true);
    }
    requests.answered(endpoint, 20_000);
    requests.transferred(5_000);
    requests.moved(endpoint, sent, received);
  }

  @Override
  public StorageListing list(Location folder) {
    request(100, 100);
    String prefix = folder.path().isEmpty() ? folder.authority() + "/" : key(folder) + "/";
    Iterator<Map.Entry<String, byte[]>> found =
        OBJECTS.entrySet().stream()
            .filter(object -> object.getKey().startsWith(prefix))
            .toList()
            .iterator();
    return new StorageListing() {
      @Override
      public Optional<StorageEntry> next() {
        if (!found.hasNext()) {
          return Optional.empty();
        }
        Map.Entry<String, byte[]> object = found.next();
        String path = object.getKey().substring(folder.authority().length() + 1);
        return Optional.of(
            new StorageEntry(
                new Location(folder.scheme(), folder.authority(), path), object.getValue().length));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Optional<StorageEntry> stat(Location file) {
    request(100, 100);
    return Optional.ofNullable(OBJECTS.get(key(file)))
        .map(bytes -> new StorageEntry(file, bytes.length));
  }

  @Override
  public StorageReader openReader(Location file) {
    return new StorageReader() {
      @Override
      public int read(long position, ByteBuffer target) throws IOException {
        byte[] bytes = object();
        request(100, target.remaining());
        if (position >= bytes.length) {
          return target.hasRemaining() ? -1 : 0;
        }
        int length = (int) Math.min(target.remaining(), bytes.length - position);
        target.put(bytes, (int) position, length);
        readBytes.add(length);
        return length;
      }

      @Override
      public long lengthBytes() throws IOException {
        return object().length;
      }

      private byte[] object() throws IOException {
        if (!brokenSuffix.isEmpty() && file.path().endsWith(brokenSuffix)) {
          throw new StorageException(Reason.UNAVAILABLE, file, "503 after 5 attempts");
        }
        byte[] bytes = OBJECTS.get(key(file));
        if (bytes == null) {
          throw new StorageException(Reason.MISSING, file, "There is no such object");
        }
        return bytes;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public StorageWriter openWriter(Location file) throws IOException {
    if (!readOnly.isEmpty() && key(file).contains(readOnly)) {
      throw new StorageException(Reason.PERMISSION, file, "403 AccessDenied");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new StorageWriter() {
      @Override
      public void write(ByteBuffer source) {
        byte[] piece = new byte[source.remaining()];
        source.get(piece);
        bytes.writeBytes(piece);
      }

      @Override
      public void sync() {}

      @Override
      public void commit() {
        request(bytes.size(), 100);
        writtenBytes.add(bytes.size());
        OBJECTS.put(key(file), bytes.toByteArray());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(Location file) {
    request(100, 100);
    OBJECTS.remove(key(file));
  }

  @Override
  public long removeAbandonedWrites(Location folder) {
    CLEARED.add(folder.toString());
    return 0;
  }

  @Override
  public IoCounts ioCounts() {
    return new IoCounts(readBytes.sum(), 0, 0, writtenBytes.sum(), 0, requests.retries());
  }

  @Override
  public Optional<RequestTelemetry> requests() {
    return Optional.of(requests);
  }

  @Override
  public void close() {}
}

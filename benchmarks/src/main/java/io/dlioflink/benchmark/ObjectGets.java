/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.Storages;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * GETs of whole objects of one size by a number of threads, for each line of standard input: {@code
 * SIDE OBJECT BYTES THREADS SECONDS}. A side is {@code lean} or {@code sdk}, the client of the S3
 * storage, or {@code raw}: a blocking socket per thread that sends a request made before, unsigned,
 * and reads the answer into the thread's buffer. Answers with a line of JSON; the processor time is
 * that of the whole process.
 */
public final class ObjectGets {
  private static final String BUCKET = "bucket";

  private final URI server;
  private final Map<String, Storage> storages = new TreeMap<>();

  private ObjectGets(URI server) {
    this.server = server;
  }

  /** What one thread gets an object with. */
  private interface Getter extends Closeable {
    void get() throws IOException;
  }

  /**
   * Works until standard input ends.
   *
   * @param args {@code http://host:port} of a server that has the objects below {@code /bucket/}
   */
  public static void main(String[] args) throws Exception {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    ObjectGets gets = new ObjectGets(URI.create(args[0]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      out.println(
          gets.pass(
              words[0],
              words[1],
              Integer.parseInt(words[2]),
              Integer.parseInt(words[3]),
              Double.parseDouble(words[4])));
    }
    for (Storage storage : gets.storages.values()) {
      storage.close();
    }
  }

  private String pass(String side, String object, int bytes, int threads, double seconds)
      throws IOException, InterruptedException, ExecutionException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      AtomicLong gets = new AtomicLong();
      long start = System.nanoTime();
      long cpuStart = system.getProcessCpuTime();
      long end = start + (long) (1e9 * seconds);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        tasks.add(() -> getUntil(end, side, object, bytes, gets));
      }
      for (Future<Void> done : executor.invokeAll(tasks)) {
        done.get();
      }
      double cpu = (system.getProcessCpuTime() - cpuStart) / 1e9;
      double time = (System.nanoTime() - start) / 1e9;
      return String.format(
          Locale.ROOT,
          "{\"requests\": %d, \"seconds\": %.6f, \"cpu_seconds\": %.6f}",
          gets.get(),
          time,
          cpu);
    } finally {
      executor.shutdown();
    }
  }

  private Void getUntil(long end, String side, String object, int bytes, AtomicLong gets)
      throws IOException {
    long done = 0;
    try (Getter getter = side.equals("raw") ? raw(object, bytes) : stored(side, object, bytes)) {
      do {
        getter.get();
        done++;
      } while (System.nanoTime() < end);
    }
    gets.addAndGet(done);
    return null;
  }

  private Getter stored(String side, String object, int bytes) throws IOException {
    Storage storage = storage(side);
    Location location = new Location("s3", BUCKET, object);
    ByteBuffer target = ByteBuffer.allocateDirect(bytes);
    return new Getter() {
      @Override
      public void get() throws IOException {
        try (StorageReader reader = storage.openReader(location)) {
          reader.readFully(0, target.clear());
        }
      }

      @Override
      public void close() {}
    };
  }

  private synchronized Storage storage(String side) throws IOException {
    Storage known = storages.get(side);
    if (known != null) {
      return known;
    }
    Map<String, String> options =
        Map.of(
            "endpoint_url", server.toString(),
            "access_key_id", "benchmark",
            "secret_access_key", "benchmark",
            "region", "us-east-1",
            // One request per object, as the floor makes.
            "s3_read_split_mib", "2047",
            "s3_client", side);
    Storage storage = Storages.open(new Location("s3", BUCKET, ""), new StorageOptions(options));
    storages.put(side, storage);
    return storage;
  }

  private Getter raw(String object, int bytes) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    byte[] request =
        "GET /%s/%s HTTP/1.1\r\nHost: %s\r\nRange: bytes=0-%d\r\n\r\n"
            .formatted(BUCKET, object, server.getAuthority(), bytes - 1)
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer sent = ByteBuffer.allocateDirect(request.length).put(request).flip();
    // Head and body one after the other: nothing is copied.
    ByteBuffer target = ByteBuffer.allocateDirect(bytes + 4096);
    return new Getter() {
      @Override
      public void get() throws IOException {
        channel.write(sent.rewind());
        target.clear();
        int head = -1;
        while (head < 0 || target.position() < head + bytes) {
          if (channel.read(target) < 0) {
            throw new EOFException("The server closed the connection");
          }
          head = head < 0 ? headBytes(target) : head;
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  private static int headBytes(ByteBuffer received) {
    for (int i = 3; i < received.position(); i++) {
      if (received.get(i) == '\n' && received.get(i - 2) == '\n') {
        return i + 1;
      }
    }
    return -1;
  }
}

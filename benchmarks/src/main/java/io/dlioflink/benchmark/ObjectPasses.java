/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads or writes whole objects, again and again: each line of standard input has a number of
 * threads and one of requests, each line of standard output tells what they took. Arguments: {@code
 * get}, {@code put} from memory that the storage lends, as encoders do, or {@code put-copied} from
 * memory of its own; the folder, a file with the names in it, the bytes of an object, and storage
 * options as {@code key=value}, where {@code client=crt} takes the client of the SDK in C.
 */
public final class ObjectPasses {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int ALIGNMENT_BYTES = 4096;

  /** Large objects go through a smaller buffer, as in a job. */
  private static final int MAX_BUFFER_BYTES = 64 << 20;

  private final ObjectClient client;
  private final boolean writes;
  private final List<String> names;
  private final long bytes;
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  private ObjectPasses(ObjectClient client, boolean writes, List<String> names, long bytes) {
    this.client = client;
    this.writes = writes;
    this.names = names;
    this.bytes = bytes;
  }

  /** Reads requests. */
  public static void main(String[] args) throws Exception {
    Location folder = Location.parse(args[1]);
    List<String> names = Files.readAllLines(Path.of(args[2]));
    long bytes = Long.parseLong(args[3]);
    Map<String, String> options = new HashMap<>();
    for (int i = 4; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      options.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    boolean isCrt = "crt".equals(options.get("client"));
    try (ObjectClient client =
        isCrt
            ? new CrtObjects(folder, URI.create(options.get("endpoint_url")))
            : new StorageObjects(
                folder, new StorageOptions(options), args[0].equals("put-copied"))) {
      ObjectPasses passes = new ObjectPasses(client, args[0].startsWith("put"), names, bytes);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ");
        out.println(passes.pass(Integer.parseInt(words[0]), Long.parseLong(words[1])));
      }
    }
  }

  private String pass(int threads, long requests) throws InterruptedException, ExecutionException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    AtomicLong next = new AtomicLong();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      tasks.add(() -> move(next, requests));
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long cpuBefore = system.getProcessCpuTime();
      long start = System.nanoTime();
      long bytes = 0;
      for (Future<Long> done : pool.invokeAll(tasks)) {
        bytes += done.get();
      }
      double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
      double cpuSeconds = (system.getProcessCpuTime() - cpuBefore) / NANOS_PER_SECOND;
      return String.format(
          Locale.ROOT,
          "{\"requests\": %d, \"bytes\": %d, \"seconds\": %.9f, \"cpu_seconds\": %.9f}",
          requests,
          bytes,
          seconds,
          cpuSeconds);
    } finally {
      pool.shutdown();
    }
  }

  private long move(AtomicLong next, long requests) throws IOException {
    ByteBuffer kept = buffers.poll();
    ByteBuffer buffer = kept == null ? allocate() : kept;
    long moved = 0;
    for (long number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
      String name = names.get((int) (number % names.size()));
      if (writes) {
        client.put(name, bytes, buffer);
      } else {
        client.get(name, bytes, buffer);
      }
      moved += bytes;
    }
    buffers.add(buffer);
    return moved;
  }

  private ByteBuffer allocate() {
    int bufferBytes = (int) Math.min(bytes, MAX_BUFFER_BYTES);
    return ByteBuffer.allocateDirect(bufferBytes + ALIGNMENT_BYTES)
        .alignedSlice(ALIGNMENT_BYTES)
        .slice(0, bufferBytes);
  }
}

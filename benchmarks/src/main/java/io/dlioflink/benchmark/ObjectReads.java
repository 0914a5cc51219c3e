/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.Storages;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads whole objects, again and again: each line of standard input has a number of threads and one
 * of requests, each line of standard output tells what they took. Arguments: the folder, a file
 * with the names in it, the bytes of the largest, and storage options as {@code key=value}.
 */
public final class ObjectReads {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int ALIGNMENT_BYTES = 4096;

  private final Storage storage;
  private final List<Location> objects;
  private final int bufferBytes;

  private ObjectReads(Storage storage, List<Location> objects, int bufferBytes) {
    this.storage = storage;
    this.objects = objects;
    this.bufferBytes = bufferBytes;
  }

  /** Reads requests. */
  public static void main(String[] args) throws Exception {
    Location folder = Location.parse(args[0]);
    List<Location> objects =
        Files.readAllLines(Path.of(args[1])).stream().map(folder::child).toList();
    Map<String, String> options = new HashMap<>();
    for (int i = 3; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      options.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Storage storage = Storages.open(folder, new StorageOptions(options))) {
      ObjectReads reads = new ObjectReads(storage, objects, Integer.parseInt(args[2]));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ");
        out.println(reads.pass(Integer.parseInt(words[0]), Long.parseLong(words[1])));
      }
    }
  }

  private String pass(int threads, long requests) throws InterruptedException, ExecutionException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    AtomicLong next = new AtomicLong();
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      tasks.add(() -> read(next, requests));
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

  private long read(AtomicLong next, long requests) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(bufferBytes + ALIGNMENT_BYTES)
            .alignedSlice(ALIGNMENT_BYTES)
            .slice(0, bufferBytes);
    long bytes = 0;
    for (long number = next.getAndIncrement(); number < requests; number = next.getAndIncrement()) {
      Location object = objects.get((int) (number % objects.size()));
      try (StorageReader reader = storage.openReader(object)) {
        bytes += reader.read(0, buffer.clear());
      }
    }
    return bytes;
  }
}

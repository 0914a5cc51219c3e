/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.Storages;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads or writes a small dataset with one thread, again and again: each line of standard input
 * asks for one pass, each line of standard output tells what it took. {@link FormatDataset} has the
 * words of a request. It ends with its input, and with the first failure.
 */
public final class FormatPasses {
  private static final double NANOS_PER_SECOND = 1e9;

  private FormatPasses() {}

  /** Reads requests. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      FormatDataset dataset = FormatDataset.parse(words);
      try (Storage storage = Storages.open(dataset.root(), StorageOptions.NONE)) {
        out.println(pass(words[0], dataset, storage));
      }
    }
  }

  private static String pass(String what, FormatDataset dataset, Storage storage)
      throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpuBefore = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    PassBytes bytes =
        switch (what) {
          case "read" -> dataset.read(storage);
          case "write" -> dataset.write(storage);
          default -> throw new IllegalArgumentException("'" + what + "', not read or write");
        };
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    double cpuSeconds = (threads.getCurrentThreadCpuTime() - cpuBefore) / NANOS_PER_SECOND;
    return String.format(
        Locale.ROOT,
        "{\"seconds\": %.9f, \"cpu_seconds\": %.9f, \"samples\": %d, \"sample_bytes\": %d,"
            + " \"storage_bytes\": %d}",
        seconds,
        cpuSeconds,
        dataset.totalSamples(),
        bytes.sampleBytes(),
        bytes.storageBytes());
  }
}

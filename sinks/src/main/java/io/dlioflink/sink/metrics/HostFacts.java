/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What DLIO records of a host ({@code utils/statscounter.py}).
 *
 * @param hostname host name
 * @param cpus logical CPUs
 * @param processor processor name
 * @param memoryBytes physical memory
 * @param cpuinfo {@code /proc/cpuinfo}, values of the last processor; empty where there is none
 * @param meminfo {@code /proc/meminfo}; empty where there is none
 */
public record HostFacts(
    String hostname,
    int cpus,
    String processor,
    long memoryBytes,
    Map<String, String> cpuinfo,
    Map<String, String> meminfo) {
  public HostFacts {
    cpuinfo = Collections.unmodifiableMap(new LinkedHashMap<>(cpuinfo));
    meminfo = Collections.unmodifiableMap(new LinkedHashMap<>(meminfo));
  }

  private static final Logger LOG = LoggerFactory.getLogger(HostFacts.class);

  /** Reads the facts of this host. */
  public static HostFacts ofThisHost() {
    Map<String, String> cpuinfo = read("/proc/cpuinfo");
    cpuinfo.remove("processor");
    Map<String, String> meminfo = currentMeminfo();
    String total = meminfo.getOrDefault("MemTotal", "");
    long memory =
        total.endsWith(" kB")
            ? Long.parseLong(total.substring(0, total.length() - 3)) * 1024
            : Runtime.getRuntime().maxMemory();
    return new HostFacts(
        nameOfThisHost(),
        Runtime.getRuntime().availableProcessors(),
        cpuinfo.getOrDefault("model name", System.getProperty("os.arch")),
        memory,
        cpuinfo,
        meminfo);
  }

  /** {@code /proc/meminfo} now; empty where there is none. */
  public static Map<String, String> currentMeminfo() {
    return read("/proc/meminfo");
  }

  /** The name of this host; {@code localhost} if it has none. */
  public static String nameOfThisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.debug("This host has no name", e);
      return "localhost";
    }
  }

  private static Map<String, String> read(String file) {
    Map<String, String> values = new LinkedHashMap<>();
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      return values;
    }
    try {
      for (String line : Files.readAllLines(path)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          values.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be read", file, e);
    }
    return values;
  }
}

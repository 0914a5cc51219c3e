/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import io.dlioflink.job.StandaloneCluster.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Two hosts besides this one, as far as their network goes: network namespaces on a bridge of this
 * kernel, whose cables can be pulled. Takes root and iproute2.
 */
final class TwoHosts implements AutoCloseable {
  /** Of RFC 5737 and RFC 2544: networks that nobody should have, but a machine of a test might. */
  private static final List<String> NETWORKS = List.of("198.51.100.", "203.0.113.", "198.18.77.");

  private final String network = freeNetwork();
  private final String name = "dlf" + ProcessHandle.current().pid() % 1_000_000;
  private final Deque<List<String>> undo = new ArrayDeque<>();

  private static String freeNetwork() {
    try {
      List<String> taken =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .map(InetAddress::getHostAddress)
              .toList();
      return NETWORKS.stream()
          .filter(network -> taken.stream().noneMatch(address -> address.startsWith(network)))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("No network is left for the test"));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this machine lets us. */
  static boolean possible() {
    try (TwoHosts hosts = new TwoHosts()) {
      hosts.connect();
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Makes them. */
  void connect() throws IOException, InterruptedException {
    String bridge = name + "br";
    run("ip", "link", "add", bridge, "type", "bridge");
    undo.push(List.of("ip", "link", "del", bridge));
    run("ip", "addr", "add", network + "1/24", "dev", bridge);
    run("ip", "link", "set", bridge, "up");
    for (int host = 2; host <= 3; host++) {
      run("ip", "netns", "add", name + host);
      undo.push(List.of("ip", "netns", "del", name + host));
      run(
          "ip",
          "link",
          "add",
          cable(host),
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          name + host);
      undo.push(List.of("ip", "link", "del", cable(host)));
      run("ip", "link", "set", cable(host), "master", bridge, "up");
      run("ip", "-n", name + host, "addr", "add", network + host + "/24", "dev", "eth0");
      run("ip", "-n", name + host, "link", "set", "eth0", "up");
      run("ip", "-n", name + host, "link", "set", "lo", "up");
      giveUpSoon(name + host);
    }
  }

  /** Bytes under way at the moment of a cut are sent again for a quarter of an hour by default. */
  private void giveUpSoon(String host) throws IOException, InterruptedException {
    String setting = "echo 5 > /proc/sys/net/ipv4/tcp_retries2 || true";
    run("ip", "netns", "exec", host, "sh", "-c", setting);
  }

  private String cable(int host) {
    return name + "v" + host;
  }

  /** This host, then the two others. */
  List<Site> sites() {
    return List.of(new Site(network + "1", List.of()), site(2), site(3));
  }

  private Site site(int host) {
    return new Site(network + host, List.of("ip", "netns", "exec", name + host));
  }

  /** Cuts the two off from each other, or not; this host reaches both all the time. */
  void cutBetween(boolean cut) throws IOException, InterruptedException {
    for (int host = 2; host <= 3; host++) {
      run("bridge", "link", "set", "dev", cable(host), "isolated", cut ? "on" : "off");
    }
  }

  /** Pulls the cable of the second of the two. */
  void cutOffLast() throws IOException, InterruptedException {
    run("ip", "link", "set", cable(3), "down");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  @Override
  public void close() {
    while (!undo.isEmpty()) {
      try {
        run(undo.pop().toArray(String[]::new));
      } catch (IOException e) {
        throw new IllegalStateException("Network devices of the test remain", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

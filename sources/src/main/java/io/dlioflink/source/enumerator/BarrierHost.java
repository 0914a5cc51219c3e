/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import io.dlioflink.source.DatasetSource.BarrierEndpoint;
import io.dlioflink.source.barrier.BarrierServer;
import io.dlioflink.source.barrier.BarrierTicket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step barrier server and the addresses it can be reached at. */
final class BarrierHost implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierHost.class);

  private final BarrierServer server;
  private final List<String> addresses;

  private BarrierHost(BarrierServer server, List<String> addresses) {
    this.server = server;
    this.addresses = addresses;
  }

  /** Opens the server: on loopback if every reader is on this host, unless the user says where. */
  static BarrierHost open(BarrierEndpoint endpoint, List<String> readerHosts, int jvms)
      throws IOException {
    if (endpoint.address() != null) {
      InetAddress address = InetAddress.getByName(endpoint.address());
      return new BarrierHost(
          new BarrierServer(address, endpoint.ports(), jvms),
          address.isAnyLocalAddress() ? addressesOfThisHost() : List.of(endpoint.address()));
    }
    if (readerHosts.stream().allMatch(BarrierHost::isThisHost)) {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      return new BarrierHost(
          new BarrierServer(loopback, endpoint.ports(), jvms), List.of(loopback.getHostAddress()));
    }
    return new BarrierHost(
        new BarrierServer(InetAddress.getByName("0.0.0.0"), endpoint.ports(), jvms),
        addressesOfThisHost());
  }

  BarrierTicket.Server advertised() {
    return new BarrierTicket.Server(addresses, server.port(), server.token());
  }

  private static boolean isThisHost(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      LOG.debug("Cannot tell whether {} is this host", host, e);
      return false;
    }
  }

  private static List<String> addressesOfThisHost() throws IOException {
    List<String> addresses = new ArrayList<>();
    try {
      addresses.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException e) {
      LOG.debug("This host has no name; its addresses will do", e);
    }
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .map(InetAddress::getHostAddress)
        .forEach(addresses::add);
    return addresses;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("Closing the step barrier server", e);
    }
  }
}

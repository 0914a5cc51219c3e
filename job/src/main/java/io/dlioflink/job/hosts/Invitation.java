/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach the leader: a small file that only its owner can read, there from the start of the
 * leader until all hosts have come.
 *
 * @param port TCP port
 * @param token what a host must know to be let in
 * @param addresses to try in order
 */
record Invitation(int port, String token, List<String> addresses) {
  private static final Set<PosixFilePermission> OF_THE_OWNER =
      PosixFilePermissions.fromString("rw-------");

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of(String.valueOf(port), token));
    lines.addAll(addresses);
    Path complete =
        Files.createTempFile(
            file.getParent(),
            file.getFileName().toString(),
            ".part",
            PosixFilePermissions.asFileAttribute(OF_THE_OWNER));
    try {
      Files.write(complete, lines);
      Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(complete);
    }
  }

  /**
   * Empty if there is none.
   *
   * @throws IOException if it is not one that this user has written, so that nobody can invite the
   *     hosts of others
   */
  static Optional<Invitation> read(Path file) throws IOException {
    try {
      requireOwn(file);
      List<String> lines = Files.readAllLines(file);
      return Optional.of(
          new Invitation(
              Integer.parseInt(lines.get(0)), lines.get(1), lines.subList(2, lines.size())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException("Not an invitation of dlio_benchmark: " + file, e);
    }
  }

  private static void requireOwn(Path file) throws IOException {
    PosixFileAttributes found =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) {
      throw new IOException(file + " is no regular file and was ignored");
    }
    Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    long user = new UnixSystem().getUid();
    if (((Number) owner).longValue() != user) {
      throw new IOException(
          "%s belongs to user %s, not to %d, and was ignored".formatted(file, owner, user));
    }
    if (!OF_THE_OWNER.containsAll(found.permissions())) {
      throw new IOException(
          "%s has permissions %s, not %s, and was ignored"
              .formatted(
                  file,
                  PosixFilePermissions.toString(found.permissions()),
                  PosixFilePermissions.toString(OF_THE_OWNER)));
    }
  }

  /**
   * Every address of this host that other hosts may reach.
   *
   * @param withLoopback also the one that only processes of this host reach; it is there anyway if
   *     there is no other
   */
  static List<String> addressesOfThisHost(boolean withLoopback) throws IOException {
    Set<String> addresses = new LinkedHashSet<>();
    try {
      InetAddress named = InetAddress.getLocalHost();
      if (!named.isLoopbackAddress()) {
        addresses.add(named.getHostAddress());
      }
    } catch (UnknownHostException e) {
      // A host without a name of its own; its interfaces will do.
      addresses.clear();
    }
    NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .map(InetAddress::getHostAddress)
        .forEach(addresses::add);
    if (withLoopback || addresses.isEmpty()) {
      addresses.add(InetAddress.getLoopbackAddress().getHostAddress());
    }
    return List.copyOf(addresses);
  }
}

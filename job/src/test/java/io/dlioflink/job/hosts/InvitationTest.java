/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvitationTest {
  private static final Invitation INVITATION =
      new Invitation(4711, "0123456789abcdef", List.of("192.0.2.1", "192.0.2.2"));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeInvitation() throws IOException {
    file = folder.resolve(".dlio-flink-run");
    INVITATION.write(file);
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    assertThat(Invitation.read(file)).contains(INVITATION);
    assertThat(Invitation.read(folder.resolve("none"))).isEmpty();
  }

  @Test
  void onlyItsOwnerMayHaveAnyPermission() throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> Invitation.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " has permissions rw-r-----, not rw-------, and was ignored");
  }

  @Test
  void linksAndFoldersAreNoInvitations() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThatThrownBy(() -> Invitation.read(link))
        .isInstanceOf(IOException.class)
        .hasMessage(link + " is no regular file and was ignored");
    assertThatThrownBy(() -> Invitation.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + " is no regular file and was ignored");
  }

  @Test
  void theLoopbackAddressIsThereIfAskedForOrTheOnlyOne() throws IOException {
    String loopback = InetAddress.getLoopbackAddress().getHostAddress();
    assertThat(Invitation.addressesOfThisHost(true)).endsWith(loopback);
    List<String> others = Invitation.addressesOfThisHost(false);
    assertThat(others).isNotEmpty();
    assertThat(others.size() == 1 || !others.contains(loopback)).isTrue();
  }
}

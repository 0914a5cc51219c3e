/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.StorageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class StorageExceptionTest {
  /** As those of SDKs, which hold requests and answers. */
  private static final class Unserializable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"unused", "UnusedVariable", "serial"})
    private final Object answer = new Object();

    Unserializable(String message) {
      super(message);
    }
  }

  private static StorageException sentToAnotherProcess(StorageException e)
      throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(e);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (StorageException) in.readObject();
    }
  }

  @Test
  void keepsWhatItSaysWhenItsCauseCannotTravel() throws Exception {
    Location object = Location.parse("s3://bucket/key");
    StorageException sent =
        new StorageException(
            Reason.PERMISSION, object, "Cannot read", new Unserializable("403 from the server"));

    StorageException received = sentToAnotherProcess(sent);

    assertThat(received).hasMessage("Cannot read: s3://bucket/key");
    assertThat(received.reason()).isEqualTo(Reason.PERMISSION);
    assertThat(received.location()).isEqualTo("s3://bucket/key");
    assertThat(received.getCause()).hasMessageContaining("403 from the server");
    assertThat(received.getStackTrace()).isEqualTo(sent.getStackTrace());
  }
}

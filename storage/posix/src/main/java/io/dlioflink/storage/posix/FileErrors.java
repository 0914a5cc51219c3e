/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Sorts what the file system says into the reasons of {@link StorageException}. */
final class FileErrors {
  private FileErrors() {}

  /**
   * The failure as the storage reports it. A closed channel passes unchanged: it tells an interrupt
   * or a close by another thread, not a fault of the storage.
   *
   * @param tried what was tried, e.g. {@code "Cannot read"}
   */
  static IOException sorted(IOException failure, Location location, String tried) {
    if (failure instanceof StorageException || failure instanceof ClosedChannelException) {
      return failure;
    }
    String said = said(failure);
    return new StorageException(
        reason(failure, said), location, "%s (%s)".formatted(tried, said), failure);
  }

  private static Reason reason(IOException failure, String said) {
    if (failure instanceof NoSuchFileException || failure instanceof NotDirectoryException) {
      return Reason.MISSING;
    }
    if (failure instanceof AccessDeniedException) {
      return Reason.PERMISSION;
    }
    // The JDK has no types for these, only the words of strerror.
    return switch (said) {
      case "Is a directory", "Not a directory" -> Reason.MISSING;
      case "Operation not permitted", "Read-only file system" -> Reason.PERMISSION;
      case "No space left on device", "Disk quota exceeded" -> Reason.NO_SPACE;
      default -> Reason.UNAVAILABLE;
    };
  }

  private static String said(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "No such file or folder";
    }
    if (failure instanceof NotDirectoryException) {
      return "Not a directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "'%s' is a file".formatted(((FileSystemException) failure).getFile());
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "A folder of this name is in the way";
    }
    String text =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }
}

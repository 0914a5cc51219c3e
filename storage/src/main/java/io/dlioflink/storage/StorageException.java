/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.IOException;

/** A storage operation failed for a reason that is sorted; the message names the location. */
public final class StorageException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What the caller can do about it. */
  public enum Reason {
    /** The file or folder does not exist. */
    MISSING,
    /** The user may not do this. */
    PERMISSION,
    /** The device, quota or bucket is full. */
    NO_SPACE,
    /** The storage does not answer, or answers with an error of its own. */
    UNAVAILABLE,
    /** This storage cannot do what was asked; the message says what to do instead. */
    UNSUPPORTED
  }

  private final Reason reason;
  private final String location;

  public StorageException(Reason reason, Location location, String message, Throwable cause) {
    super(message + ": " + location, cause);
    this.reason = reason;
    this.location = location.toString();
  }

  public StorageException(Reason reason, Location location, String message) {
    this(reason, location, message, null);
  }

  private StorageException(Reason reason, String location, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.location = location;
  }

  /** Exceptions of SDKs often cannot be serialized, and would take this one with them. */
  private Object writeReplace() {
    StorageException copy = new StorageException(reason, location, getMessage(), plain(getCause()));
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  private static Throwable plain(Throwable cause) {
    if (cause == null) {
      return null;
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    IOException copy = new IOException(message, plain(cause.getCause()));
    copy.setStackTrace(cause.getStackTrace());
    return copy;
  }

  /** What the caller can do about it. */
  public Reason reason() {
    return reason;
  }

  /** Where it happened. */
  public String location() {
    return location;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import java.util.Optional;

/**
 * What a location names in Azure.
 *
 * <p>Two forms exist, {@code az://CONTAINER/NAME} and {@code az://ACCOUNT/CONTAINER/NAME}. If an
 * account is set, by options or environment, the part after {@code az://} is the container, unless
 * it equals the account; if none is set, it is the account.
 *
 * @param pathOffset where the name begins in the path of the location
 * @param name of the blob, or of the folder; empty for the whole container
 */
record BlobAddress(String account, String container, int pathOffset, String name) {

  /** Tells what a location names. */
  static BlobAddress of(Location location, Optional<String> account) throws StorageException {
    String authority = location.authority();
    if (account.isPresent() && !authority.equals(account.get())) {
      return checked(location, new BlobAddress(account.get(), authority, 0, location.path()));
    }
    String path = location.path();
    int slash = path.indexOf('/');
    String container = slash < 0 ? path : path.substring(0, slash);
    int offset = slash < 0 ? path.length() : slash + 1;
    return checked(location, new BlobAddress(authority, container, offset, path.substring(offset)));
  }

  private static BlobAddress checked(Location location, BlobAddress address)
      throws StorageException {
    if (address.account.isEmpty() || address.container.isEmpty()) {
      throw new StorageException(
          Reason.UNSUPPORTED,
          location,
          "No container is named (az://CONTAINER/NAME with an account in"
              + " storage.storage_options.account_name or AZURE_STORAGE_ACCOUNT_NAME, or"
              + " az://ACCOUNT/CONTAINER/NAME)");
    }
    return address;
  }

  /** What a listing of this folder asks for. */
  String prefix() {
    return name.isEmpty() || name.endsWith("/") ? name : name + "/";
  }

  /** The location of a blob in the same container, in the form that the folder's has. */
  Location locate(Location folder, String blobName) {
    return new Location(folder.scheme(), folder.authority(), containerPath(folder) + blobName);
  }

  private String containerPath(Location folder) {
    String path = folder.path();
    if (pathOffset == 0) {
      return "";
    }
    return pathOffset == path.length() && !path.endsWith("/")
        ? path + "/"
        : path.substring(0, pathOffset);
  }
}

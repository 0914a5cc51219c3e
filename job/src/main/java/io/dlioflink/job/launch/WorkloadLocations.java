/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.storage.Location;
import io.dlioflink.workload.StorageConfig;
import io.dlioflink.workload.StorageType;
import io.dlioflink.workload.Workload;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The places a workload names, DLIO's way or as URIs, made absolute. */
final class WorkloadLocations {
  private static final String S3 = "s3";

  /** Names of what a signed URI carries, as the clouds call it. */
  private static final Pattern SIGNED =
      Pattern.compile(
          "[?&](sig|signature|X-Amz-[A-Za-z-]+|X-Goog-[A-Za-z-]+|AWSAccessKeyId)=",
          Pattern.CASE_INSENSITIVE);

  private WorkloadLocations() {}

  /**
   * Where the dataset is: {@code data_folder} if it is a URI or absolute, else below {@code
   * storage_root} (DLIO: {@code os.path.join}); past the page cache with {@code reader.odirect}.
   * With {@code storage_type: s3} a folder without a scheme is a prefix of keys in the bucket
   * {@code storage_root} (DLIO: {@code S3Storage.get_uri}).
   */
  static Location dataset(Workload workload) {
    String folder = workload.dataset().dataFolder();
    String root = workload.storage().root();
    if (folder.contains("://")) {
      return of(folder);
    }
    if (workload.storage().type() != StorageType.LOCAL_FS) {
      return inBucket(workload.storage(), folder);
    }
    Location location =
        root.contains("://") && !Path.of(folder).isAbsolute()
            ? of(root).child(folder)
            : new Location("file", "", Path.of(root).resolve(folder).toString());
    location = absolute(location);
    return workload.reader().odirect() && location.scheme().equals("file")
        ? location.withScheme("direct")
        : location;
  }

  /**
   * Where checkpoints are: {@code checkpoint_folder} as it is, as in DLIO; with {@code
   * storage_type: s3} and without a scheme it is a prefix of keys in the bucket.
   */
  static Location checkpoints(Workload workload) {
    String folder = workload.checkpoint().folder();
    return workload.storage().type() == StorageType.S3 && !folder.contains("://")
        ? inBucket(workload.storage(), folder)
        : of(folder);
  }

  /** The place of a URI or path. */
  static Location of(String folder) {
    return absolute(Location.parse(folder));
  }

  private static Location inBucket(StorageConfig storage, String folder) {
    String root = storage.root();
    Location bucket =
        Location.parse(
            root.contains("://") ? root : S3 + "://" + key(root).replaceFirst("^$", "."));
    String key = key(folder);
    return key.isEmpty() ? bucket : bucket.child(key);
  }

  /** Keys begin with a name: what leads to the top of a file system means nothing to a store. */
  private static String key(String path) {
    return path.replaceFirst("^(\\.?/+)+", "").replaceFirst("^\\.$", "");
  }

  /**
   * What is wrong with a place, whatever is there; nothing of a password is repeated.
   *
   * @param key that names it
   */
  static Optional<String> problem(Location location, String key) {
    if (location.isLocal() || location.isNowhere()) {
      return Optional.empty();
    }
    if (location.authority().contains("@") || SIGNED.matcher(location.path()).find()) {
      return Optional.of(
          key
              + ": credentials do not belong into a location, which reports show; put them into"
              + " storage.storage_options or the environment");
    }
    if (location.authority().isEmpty() || location.authority().equals(".")) {
      return Optional.of(
          "%s: %s names no bucket or container; give %s://NAME/prefix%s"
              .formatted(
                  key,
                  location,
                  location.scheme(),
                  location.scheme().equals(S3)
                      ? ", or with storage.storage_type: s3 the bucket as storage.storage_root"
                      : ""));
    }
    return Optional.empty();
  }

  private static Location absolute(Location location) {
    return location.isLocal()
        ? new Location(
            location.scheme(), "", Path.of(location.path()).toAbsolutePath().normalize().toString())
        : location;
  }
}

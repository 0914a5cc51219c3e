/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.s3.S3Settings.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;

/** Credentials as the SDK provides them; it renews those that expire. */
final class Identities {
  static final String DEFAULT_PROFILE = "default";

  private Identities() {}

  static AwsCredentialsProvider provider(Identity identity) {
    if (identity instanceof Identity.Keys keys) {
      return StaticCredentialsProvider.create(
          keys.sessionToken().isPresent()
              ? AwsSessionCredentials.create(
                  keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken().get())
              : AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey()));
    }
    if (identity instanceof Identity.Found found) {
      return found(found);
    }
    return AnonymousCredentialsProvider.create();
  }

  // Files at their usual places are left to the SDK, which reads them again when they change.
  private static AwsCredentialsProvider found(Identity.Found found) {
    boolean elsewhere = found.configFile().isPresent() || found.credentialsFile().isPresent();
    if (found.profile().isPresent()) {
      ProfileCredentialsProvider.Builder profile =
          ProfileCredentialsProvider.builder().profileName(found.profile().get());
      return (elsewhere ? profile.profileFile(profiles(found)) : profile).build();
    }
    DefaultCredentialsProvider.Builder all = DefaultCredentialsProvider.builder();
    return (elsewhere ? all.profileFile(profiles(found)) : all).build();
  }

  /** The files of profiles, as far as they exist. */
  static ProfileFile profiles(Identity.Found found) {
    ProfileFile.Aggregator files = ProfileFile.aggregator();
    Path config = found.configFile().orElse(ProfileFileLocation.configurationFilePath());
    Path credentials = found.credentialsFile().orElse(ProfileFileLocation.credentialsFilePath());
    add(files, credentials, ProfileFile.Type.CREDENTIALS);
    add(files, config, ProfileFile.Type.CONFIGURATION);
    return files.build();
  }

  private static void add(ProfileFile.Aggregator files, Path path, ProfileFile.Type type) {
    if (Files.isReadable(path)) {
      files.addFile(ProfileFile.builder().content(path).type(type).build());
    }
  }
}

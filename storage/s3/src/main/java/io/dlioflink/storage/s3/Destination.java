/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.http.HttpEndpoint;
import io.dlioflink.storage.http.UriEncoding;
import java.net.URI;
import java.util.Optional;

/**
 * Where the requests for a bucket go, and how they name it.
 *
 * @param server that is connected to
 * @param hostHeader as it is signed
 * @param pathPrefix before a key: {@code /} or {@code /bucket/}, encoded
 * @param region that requests are signed for
 */
record Destination(HttpEndpoint server, String hostHeader, String pathPrefix, String region) {

  /**
   * The place of a bucket at an endpoint.
   *
   * @param bucketRegion where the bucket is known to be, if not in the region that is set
   */
  static Destination of(
      Endpoint endpoint, String bucket, S3Settings settings, Optional<String> bucketRegion) {
    String region = bucketRegion.orElse(settings.region());
    String host =
        endpoint.custom() ? endpoint.host() : endpoint.host().replace(settings.region(), region);
    boolean inPath = endpoint.usesPathStyle(bucket, settings.forcePathStyle());
    HttpEndpoint server =
        new HttpEndpoint(
            inPath ? host : bucket + "." + host,
            endpoint.port(),
            endpoint.isTls(),
            endpoint.name());
    return new Destination(
        server, server.hostHeader(), inPath ? "/" + UriEncoding.query(bucket) + "/" : "/", region);
  }

  /** The encoded path of an object. */
  String path(ObjectKey object) {
    return pathPrefix + UriEncoding.path(object.key());
  }

  /** Another server that this one named. */
  Destination at(URI other) {
    HttpEndpoint elsewhere = HttpEndpoint.of(other);
    return new Destination(elsewhere, elsewhere.hostHeader(), pathPrefix, region);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.http.UriEncoding;
import io.dlioflink.storage.s3.S3Settings.Identity.Keys;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Against the examples of AWS's documentation, and against the SDK's signer. */
final class RequestSignerTest {
  private static final Keys SUITE_KEYS =
      new Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Optional.empty());
  private static final Keys S3_KEYS =
      new Keys(
          "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Optional.empty());
  private static final Instant S3_TIME = Instant.parse("2013-05-24T00:00:00Z");
  private static final String S3_HOST = "examplebucket.s3.amazonaws.com";

  @Test
  void signsTheVanillaGetOfTheTestSuite() {
    assertThat(suite("GET", "/", ""))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders=host;x-amz-date,"
                + " Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }

  @Test
  void signsTheVanillaPostAndQueriesOfTheTestSuite() {
    assertThat(suite("POST", "/", ""))
        .endsWith("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    assertThat(suite("GET", "/", "Param1=value1&Param2=value2"))
        .endsWith("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  }

  private static String suite(String method, String path, String query) {
    RequestSigner signer = new RequestSigner("service");
    String time = signer.time(Instant.parse("2015-08-30T12:36:00Z"));
    HeaderLines headers =
        new HeaderLines().add("x-amz-date", time).add("host", "example.amazonaws.com");
    return signer.authorization(
        SUITE_KEYS, "us-east-1", time, method, path, query, headers, RequestSigner.EMPTY_PAYLOAD);
  }

  @Test
  void signsTheExamplesOfS3() {
    RequestSigner signer = new RequestSigner("s3");
    String time = signer.time(S3_TIME);
    assertThat(time).isEqualTo("20130524T000000Z");

    assertThat(s3(signer, "GET", "/test.txt", "", s3Headers(time).add("range", "bytes=0-9")))
        .isEqualTo(
            "AWS4-HMAC-SHA256"
                + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + " SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + " Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assertThat(s3(signer, "GET", "/", "lifecycle=", s3Headers(time)))
        .endsWith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    assertThat(s3(signer, "GET", "/", "max-keys=2&prefix=J", s3Headers(time)))
        .endsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  @Test
  void signsTheExampleOfS3WithABody() {
    RequestSigner signer = new RequestSigner("s3");
    String time = signer.time(S3_TIME);
    String payload =
        signer.payloadHash(
            List.of(
                ByteBuffer.wrap("Welcome to ".getBytes(StandardCharsets.US_ASCII)),
                ByteBuffer.wrap("Amazon S3.".getBytes(StandardCharsets.US_ASCII))));
    HeaderLines headers =
        new HeaderLines()
            .add("host", S3_HOST)
            .add("date", "Fri, 24 May 2013 00:00:00 GMT")
            .add("x-amz-date", time)
            .add("x-amz-storage-class", "REDUCED_REDUNDANCY")
            .add("x-amz-content-sha256", payload);

    assertThat(payload)
        .isEqualTo("44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
    assertThat(
            signer.authorization(
                S3_KEYS,
                "us-east-1",
                time,
                "PUT",
                UriEncoding.path("/test$file.text"),
                "",
                headers,
                payload))
        .endsWith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }

  private static HeaderLines s3Headers(String time) {
    return new HeaderLines()
        .add("x-amz-date", time)
        .add("x-amz-content-sha256", RequestSigner.EMPTY_PAYLOAD)
        .add("host", S3_HOST);
  }

  private static String s3(
      RequestSigner signer, String method, String path, String query, HeaderLines headers) {
    return signer.authorization(
        S3_KEYS,
        "us-east-1",
        headers.value(headers.count() - 1),
        method,
        path,
        query,
        headers,
        RequestSigner.EMPTY_PAYLOAD);
  }

  @Test
  void signsAsTheSdkDoes() {
    Random random = new Random(5);
    RequestSigner signer = new RequestSigner("s3");
    for (int i = 0; i < 300; i++) {
      String key = randomKey(random);
      String region = i % 3 == 0 ? "eu-central-1" : "us-west-2";
      // Across days, so that the key is made anew.
      Instant now = Instant.parse("2026-11-21T23:59:00Z").plusSeconds(random.nextInt(120));
      Optional<String> token = i % 2 == 0 ? Optional.of("token/" + i + "==") : Optional.empty();
      Keys keys = new Keys("AKID" + i % 2, "secret/+" + i % 2, token);
      String path = "/bucket/" + UriEncoding.path(key);
      String query = i % 5 == 0 ? "partNumber=7&uploadId=" + UriEncoding.query(key) : "";
      String time = signer.time(now);
      HeaderLines headers =
          new HeaderLines()
              .add("host", "localhost:9000")
              .add("x-amz-date", time)
              .add("x-amz-content-sha256", RequestSigner.UNSIGNED_PAYLOAD);
      token.ifPresent(text -> headers.add("x-amz-security-token", text));

      assertThat(
              signer.authorization(
                  keys, region, time, "PUT", path, query, headers, RequestSigner.UNSIGNED_PAYLOAD))
          .as(key)
          .isEqualTo(bySdk(keys, region, now, path, query));
    }
  }

  private static String bySdk(Keys keys, String region, Instant now, String path, String query) {
    SdkHttpRequest request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.PUT)
            .uri(URI.create("http://localhost:9000" + path + (query.isEmpty() ? "" : "?" + query)))
            .build();
    AwsCredentialsIdentity identity =
        keys.sessionToken().isPresent()
            ? AwsSessionCredentialsIdentity.create(
                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken().get())
            : AwsCredentialsIdentity.create(keys.accessKeyId(), keys.secretAccessKey());
    return AwsV4HttpSigner.create()
        .sign(
            sign ->
                sign.identity(identity)
                    .request(request)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
        .request()
        .firstMatchingHeader("Authorization")
        .orElseThrow();
  }

  private static String randomKey(Random random) {
    StringBuilder key = new StringBuilder("k");
    for (int length = random.nextInt(30); length > 0; length--) {
      int codePoint =
          random.nextInt(4) == 0 ? 0x20 + random.nextInt(0xd7ff) : 0x21 + random.nextInt(94);
      key.appendCodePoint(codePoint);
    }
    return key.append(random.nextBoolean() ? "" : "/🎲/x").toString();
  }
}

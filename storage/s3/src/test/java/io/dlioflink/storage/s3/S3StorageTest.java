/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageContract;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract, with objects in S3Proxy and what is the default. */
class S3StorageTest extends StorageContract {
  private static final String BUCKET = "contract";
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static S3Server server;

  private final Location root =
      new Location("s3", BUCKET, "test " + TESTS.incrementAndGet() + "/data");
  private Storage storage;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start();
    server.createBucket(BUCKET);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** What is set beside the server and its keys. */
  Map<String, String> options() {
    return Map.of();
  }

  @BeforeEach
  void open() throws IOException {
    storage = Storages.open(root, server.options(options()));
  }

  @AfterEach
  void close() throws IOException {
    storage.close();
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Location root() {
    return root;
  }

  @Override
  protected boolean isHierarchical() {
    return false;
  }

  @Override
  public int abandonedWriteBytes() {
    // More than one part: less is never sent.
    return 9 * 1024 * 1024 + 5;
  }
}

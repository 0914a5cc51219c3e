/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an object of its own below a location, reads it back whole and in part, lists and deletes
 * it. Nothing else there is touched, and nothing is left.
 */
final class LocationProbe {
  private static final Logger LOG = LoggerFactory.getLogger(LocationProbe.class);
  private static final int PROBE_BYTES = 64 * 1024;
  private static final int RANGE_FROM = 8192;
  private static final int RANGE_BYTES = 4096;

  private final String name;
  private final Location location;
  private final Location base;
  private final Location folder;
  private final Location file;
  private final byte[] content = new byte[PROBE_BYTES];
  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> endpoints = new TreeSet<>();

  /**
   * A probe of one location.
   *
   * @param name what the location is for
   */
  LocationProbe(String name, Location location) {
    this.name = name;
    this.location = location;
    this.base = existing(location);
    this.folder = base.child(".dlio-flink-doctor-" + UUID.randomUUID());
    this.file = folder.child("probe");
    new Random(PROBE_BYTES).nextBytes(content);
  }

  /** One thing to be done with the probe object; says what was found. */
  private interface Step {
    String run() throws IOException;
  }

  /** Endpoints that were spoken to, {@code host:port}; after {@link #run}. */
  Set<String> endpoints() {
    return endpoints;
  }

  /** Does all steps; those after a write that failed are left out. */
  List<Finding> run(StorageOptions options) {
    try (Storage storage = Storages.open(file, options)) {
      try {
        probe(storage);
      } finally {
        storage.requests().ifPresent(made -> endpoints.addAll(made.counts().keySet()));
      }
    } catch (IOException | RuntimeException e) {
      findings.add(failure("open", e));
    } finally {
      removeFolder();
    }
    return findings;
  }

  private void probe(Storage storage) throws IOException {
    if (!step("put", () -> put(storage))) {
      removeRemains(storage);
      return;
    }
    step("get", () -> get(storage, 0, PROBE_BYTES));
    step("range", () -> get(storage, RANGE_FROM, RANGE_BYTES));
    step("list", () -> list(storage));
    step("delete", () -> delete(storage));
    long retries = storage.requests().map(RequestTelemetry::retries).orElse(0L);
    if (retries > 0) {
      findings.add(
          Finding.warning(
              name + ": retries",
              retries + " requests had to be repeated",
              "a run would spend time on repetitions; look at the load of the store"));
    }
  }

  /** A write whose answer was lost may have been done all the same. */
  private void removeRemains(Storage storage) {
    try {
      storage.delete(file);
    } catch (IOException | RuntimeException e) {
      LOG.debug("Nothing could be deleted either: {}", file, e);
    }
  }

  private boolean step(String what, Step step) {
    long start = System.nanoTime();
    try {
      String detail = step.run();
      double millis = (System.nanoTime() - start) / 1e6;
      findings.add(
          Finding.ok(name + ": " + what, String.format(Locale.ROOT, "%.1f ms%s", millis, detail)));
      return true;
    } catch (IOException | RuntimeException e) {
      findings.add(failure(what, e));
      return false;
    }
  }

  private String put(Storage storage) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(PROBE_BYTES).put(content).flip();
    try (StorageWriter writer = storage.openWriter(file)) {
      writer.write(bytes);
      writer.commit();
    }
    return base.equals(location)
        ? ", in " + location
        : ", in %s; %s is not there yet".formatted(base, location);
  }

  private String get(Storage storage, int from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(length);
    try (StorageReader reader = storage.openReader(file)) {
      reader.readFully(from, bytes);
    }
    if (!bytes.flip().equals(ByteBuffer.wrap(content, from, length))) {
      throw new IOException("Other bytes came back than were written: " + file);
    }
    return "";
  }

  private String list(Storage storage) throws IOException {
    try (StorageListing files = storage.list(folder)) {
      Optional<StorageEntry> first = files.next();
      if (first.isEmpty() || !first.get().location().path().equals(file.path())) {
        throw new IOException("An object that was just written is not listed: " + file);
      }
    }
    return "";
  }

  private String delete(Storage storage) throws IOException {
    storage.delete(file);
    if (storage.stat(file).isPresent()) {
      throw new IOException("An object that was deleted is still there: " + file);
    }
    return "";
  }

  private Finding failure(String what, Exception failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return Finding.failed(name + ": " + what, message, Remedies.of(what, location, failure));
  }

  /**
   * The place itself or, where folders exist by themselves, the nearest one above that is there.
   */
  private static Location existing(Location location) {
    if (!location.isLocal()) {
      return location;
    }
    Path path = Path.of(location.path());
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return new Location(location.scheme(), "", path.toString());
  }

  /** Objects of a store leave no folder behind. */
  private void removeFolder() {
    if (!location.isLocal()) {
      return;
    }
    try {
      Files.deleteIfExists(Path.of(folder.path()));
    } catch (IOException e) {
      findings.add(
          Finding.warning(
              name + ": delete", "The folder " + folder + " is left", "remove it by hand"));
    }
  }
}

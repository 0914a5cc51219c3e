/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.SampleShapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The first file of a dataset and its companions, in memory; it stands for all others. Equal
 * datasets share one in a process for as long as somebody uses it: a thousand ranks need no more
 * memory than one.
 */
final class EncodedFile {
  /** More is not held in memory. */
  static final long MAX_BYTES = 256 << 20;

  private static final Map<DatasetConfig, WeakReference<EncodedFile>> SHARED =
      new ConcurrentHashMap<>();

  private final boolean numbered;
  private final ByteBuffer data;
  private final List<Companion> companions;

  /** A companion, told from others by how its name ends. */
  private record Companion(String nameEnd, ByteBuffer bytes) {}

  private EncodedFile(boolean numbered, ByteBuffer data, List<Companion> companions) {
    this.numbered = numbered;
    this.data = data;
    this.companions = companions;
  }

  /**
   * The first file of a dataset.
   *
   * @param root named if the file is too large
   */
  static EncodedFile first(DatasetConfig dataset, Location root) throws IOException {
    SHARED.values().removeIf(reference -> reference.get() == null);
    synchronized (SHARED) {
      WeakReference<EncodedFile> known = SHARED.get(dataset);
      EncodedFile file = known == null ? null : known.get();
      if (file == null) {
        file = encode(dataset, root);
        SHARED.put(dataset, new WeakReference<>(file));
      }
      return file;
    }
  }

  private static EncodedFile encode(DatasetConfig dataset, Location root) throws IOException {
    SampleFormat format = SampleFormats.require(dataset.format());
    if (dataset.format() == FileFormat.SYNTHETIC) {
      return new EncodedFile(true, ByteBuffer.allocate(0), List.of());
    }
    FileSpec spec = FileSpec.of(dataset, SampleShapes.of(dataset), 0);
    if (spec.payloadBytes() > MAX_BYTES) {
      throw new StorageException(
          StorageException.Reason.UNSUPPORTED,
          root,
          "A file of %d bytes would be held in memory, at most %d are"
              .formatted(spec.payloadBytes(), MAX_BYTES));
    }
    DatasetPart part = dataset.numFilesTrain() > 0 ? DatasetPart.TRAIN : DatasetPart.VALID;
    String path = DatasetLayout.of(dataset).relativePath(part, 0);
    List<String> companionPaths = format.companionPaths(path);
    MemoryTarget target = new MemoryTarget(companionPaths.size());
    try (SampleFileEncoder encoder = format.newEncoder()) {
      encoder.encode(spec, RandomContent.of(dataset.content()), target);
    }
    String stem = path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
    List<Companion> companions = new ArrayList<>();
    for (int i = 0; i < companionPaths.size(); i++) {
      String name = companionPaths.get(i);
      String nameEnd = name.substring(name.lastIndexOf('/') + 1).substring(stem.length());
      companions.add(new Companion(nameEnd, target.companions.get(i).bytes()));
    }
    return new EncodedFile(false, target.data.bytes(), companions);
  }

  /** The bytes of a data file. */
  ByteBuffer data(long fileNumber) {
    return numbered
        ? ByteBuffer.wrap(Long.toString(fileNumber).getBytes(StandardCharsets.US_ASCII))
        : data;
  }

  /** The bytes of a companion; empty if no companion has such a path. */
  Optional<ByteBuffer> companion(String path) {
    return companions.stream()
        .filter(companion -> path.endsWith(companion.nameEnd()))
        .map(Companion::bytes)
        .findFirst();
  }

  private static final class MemoryTarget implements FileTarget {
    private final MemoryWriter data = new MemoryWriter();
    private final List<MemoryWriter> companions = new ArrayList<>();

    MemoryTarget(int companionCount) {
      for (int i = 0; i < companionCount; i++) {
        companions.add(new MemoryWriter());
      }
    }

    @Override
    public StorageWriter data() {
      return data;
    }

    @Override
    public StorageWriter openCompanion(int index) {
      return companions.get(index);
    }
  }

  private static final class MemoryWriter implements StorageWriter {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public void write(ByteBuffer source) {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      written.writeBytes(bytes);
    }

    /** Outside the heap, as what a kernel would copy from. */
    ByteBuffer bytes() {
      return ByteBuffer.allocateDirect(written.size()).put(written.toByteArray()).flip();
    }

    @Override
    public void sync() {
      // Memory it is.
    }

    @Override
    public void commit() {
      // All is written.
    }

    @Override
    public void close() {
      // What was written is kept.
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.fuzz;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.Encoding;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SequentialDecoder;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A format whose readers are given arbitrary bytes. An input is a file; where the format has
 * companions they stand in front of it, each behind its length in two bytes.
 */
final class FuzzedFormat {
  private static final int SAMPLES = 2;
  private static final int CHUNK_BYTES = 4096;
  private static final ElementType TYPE = ElementType.UINT8;

  private final SampleFormat format;
  private final MemoryStorage storage = new MemoryStorage();
  private final FileInput input = new FileInput(CHUNK_BYTES);
  private final DatasetFile file = MemoryStorage.file("train/input");
  private final List<String> companions;

  FuzzedFormat(SampleFormat format) {
    this.format = format;
    this.companions = format.companionPaths(file.path());
  }

  /**
   * Reads an input in every way there is.
   *
   * @throws IOException never one of ours: what a broken or unsupported file leads to is as it
   *     should be
   */
  void read(byte[] bytes) throws IOException {
    store(bytes);
    ReadSpec spec = new ReadSpec(SAMPLES, TYPE, Encoding.of(Compression.NONE));
    try (SampleFileDecoder decoder = format.newDecoder(spec)) {
      attempt(() -> decoder.verify(input, SAMPLES));
      attempt(() -> decoder.decode(input, 1));
      attempt(() -> decoder.decode(input, 0));
      if (decoder instanceof SequentialDecoder stream) {
        attempt(() -> stream.decode(input, 0, SAMPLES, sample -> {}));
      }
    }
  }

  private void attempt(Reading reading) throws IOException {
    input.open(storage, file);
    try {
      reading.run();
    } catch (BrokenFileException | UnsupportedFileException e) {
      // As it should be.
    } finally {
      input.close();
    }
  }

  /** Some way to read. */
  private interface Reading {
    void run() throws IOException;
  }

  private void store(byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    for (String companion : companions) {
      int length = rest.remaining() < 2 ? 0 : Short.toUnsignedInt(rest.getShort());
      storage.put(companion, take(rest, Math.min(length, rest.remaining())));
    }
    storage.put(file.path(), take(rest, rest.remaining()));
  }

  private static byte[] take(ByteBuffer from, int length) {
    byte[] taken = new byte[length];
    from.get(taken);
    return taken;
  }

  /** Good inputs to start from: small files of every compression and some types. */
  List<byte[]> seeds() throws IOException {
    List<Compression> compressions = new ArrayList<>(List.of(Compression.NONE));
    compressions.addAll(format.compressions());
    List<byte[]> seeds = new ArrayList<>();
    for (Compression compression : compressions) {
      seeds.add(seed(new FileSpec(1, List.of(3, 5), TYPE, SAMPLES, compression)));
      seeds.add(seed(new FileSpec(2, List.of(16, 16), TYPE, SAMPLES, compression)));
      seeds.add(seed(new FileSpec(3, List.of(2, 3), ElementType.FLOAT32, SAMPLES, compression)));
    }
    return seeds;
  }

  private byte[] seed(FileSpec spec) throws IOException {
    try (SampleFileEncoder encoder = format.newEncoder()) {
      storage.encode(format, encoder, spec, new RandomContent(1), file.path());
    }
    ByteArrayOutputStream seed = new ByteArrayOutputStream();
    for (String companion : companions) {
      byte[] bytes = storage.bytes(MemoryStorage.location(companion));
      seed.write(bytes.length >>> 8);
      seed.write(bytes.length);
      seed.writeBytes(bytes);
    }
    seed.writeBytes(storage.bytes(file.location()));
    return seed.toByteArray();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes the filters of one chunk after the other. A chunk that is deflated and nothing else passes
 * in pieces; others are in memory as a whole, in buffers that grow with what has really come. Holds
 * the buffers of one thread.
 */
final class ChunkDecoder {
  private static final int FIRST_BYTES = 1 << 16;

  /** A checksum may stand behind what a filter made. */
  private static final int SLACK_BYTES = 64;

  private final CRC32C checksum = new CRC32C();
  private final FileInput.Piece addToChecksum = checksum::update;

  /** Made for the first deflated chunk: most datasets have none. */
  private Inflater inflater;

  private final byte[] piece = new byte[FIRST_BYTES];
  private byte[] bytes = new byte[0];
  private byte[] other = new byte[0];
  private int length;

  private FileInput input;
  private StoredDataset dataset;
  private int chunk;

  /** Starts with a sample. */
  void startSample() {
    checksum.reset();
  }

  /** CRC-32C of all decoded bytes of the sample, in the order in which they came. */
  long sampleChecksum() {
    return checksum.getValue();
  }

  /** Looks at the next bytes, which are elements as they are. */
  void passElements(FileInput from, long count, String name) throws IOException {
    from.forEachPiece(count, name, addToChecksum);
  }

  /** Decodes the chunk at the input's position, all of it. */
  void decode(FileInput from, StoredDataset of, int number) throws IOException {
    input = from;
    dataset = of;
    chunk = number;
    List<FilterInfo> filters = of.chunks().filters();
    int mask = of.chunks().table().mask(number);
    int stored = of.chunks().table().bytes(number);
    if (used(filters, mask) == 0) {
      requireLength(stored);
      passElements(from, stored, of.name());
    } else if (filters.size() == 1 && filters.get(0).getId() == Filters.DEFLATE) {
      inflatePieces(stored);
    } else {
      load(stored);
      for (int i = filters.size() - 1; i >= 0; i--) {
        if (((mask >>> i) & 1) == 0) {
          undo(filters.get(i));
        }
      }
      requireLength(length);
      checksum.update(bytes, 0, length);
    }
  }

  private static int used(List<FilterInfo> filters, int mask) {
    int used = 0;
    for (int i = 0; i < filters.size(); i++) {
      used += ((mask >>> i) & 1) ^ 1;
    }
    return used;
  }

  private void requireLength(int found) throws IOException {
    if (found != dataset.chunks().bytes()) {
      throw broken("%d bytes, expected %d".formatted(found, dataset.chunks().bytes()));
    }
  }

  private BrokenFileException broken(String problem) {
    return new BrokenFileException(
        input.location(),
        dataset.chunks().table().offset(chunk),
        "chunk %d of %s: %s".formatted(chunk, dataset.name(), problem));
  }

  private void startInflater() {
    if (inflater == null) {
      inflater = new Inflater();
    }
    inflater.reset();
  }

  private void inflatePieces(int stored) throws IOException {
    startInflater();
    long[] inflated = new long[1];
    input.forEachPiece(
        stored,
        dataset.name(),
        window -> {
          if (inflater.finished()) {
            window.position(window.limit());
            return;
          }
          inflater.setInput(window);
          inflated[0] += inflateAll(inflated[0]);
          window.position(window.limit());
        });
    if (!inflater.finished()) {
      throw broken("deflated data end after %d bytes".formatted(inflated[0]));
    }
    requireLength((int) inflated[0]);
  }

  /** Inflates the input at hand. */
  private long inflateAll(long before) throws IOException {
    long inflated = 0;
    while (true) {
      int count = inflateInto(piece, 0, piece.length);
      checksum.update(piece, 0, count);
      inflated += count;
      if (before + inflated > dataset.chunks().bytes()) {
        throw broken("more than %d bytes inflated".formatted(dataset.chunks().bytes()));
      }
      if (count == 0) {
        return inflated;
      }
    }
  }

  private int inflateInto(byte[] target, int offset, int room) throws IOException {
    try {
      int count = inflater.inflate(target, offset, room);
      if (inflater.needsDictionary()) {
        throw broken("deflated data ask for a dictionary");
      }
      return count;
    } catch (DataFormatException e) {
      throw broken("deflated data: %s".formatted(e.getMessage()));
    }
  }

  /** Reads a chunk as stored. */
  private void load(int stored) throws IOException {
    if (stored > 2L * Limits.BUFFERED_CHUNK_BYTES) {
      throw broken("%d bytes stored for %d".formatted(stored, dataset.chunks().bytes()));
    }
    length = 0;
    input.forEachPiece(
        stored,
        dataset.name(),
        window -> {
          int count = window.remaining();
          bytes = grown(bytes, length + count, stored);
          window.get(bytes, length, count);
          length += count;
        });
  }

  private static byte[] grown(byte[] array, int needed, int most) {
    return needed <= array.length
        ? array
        : Arrays.copyOf(
            array,
            (int) Math.max(needed, Math.min(most, Math.max(FIRST_BYTES, 2L * array.length))));
  }

  private void undo(FilterInfo filter) throws IOException {
    switch (filter.getId()) {
      case Filters.FLETCHER32 -> checkFletcher32();
      case Filters.DEFLATE -> inflateWhole();
      case Filters.LZF -> decompressLzf();
      default -> {
        other = grown(other, length, length);
        Filters.unshuffle(bytes, other, length, elementBytes(filter));
        swap();
      }
    }
  }

  private int elementBytes(FilterInfo shuffle) {
    int[] data = shuffle.getData();
    return data.length > 0 && data[0] > 0 ? data[0] : dataset.elementBytes();
  }

  private void swap() {
    byte[] result = other;
    other = bytes;
    bytes = result;
  }

  private void checkFletcher32() throws IOException {
    if (length < Integer.BYTES) {
      throw broken("%d bytes, too few for a checksum".formatted(length));
    }
    length -= Integer.BYTES;
    int stored = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(length);
    int computed = Filters.fletcher32(bytes, length);
    if (computed != stored) {
      throw broken("Fletcher-32 checksum %08x, expected %08x".formatted(computed, stored));
    }
  }

  private void inflateWhole() throws IOException {
    startInflater();
    inflater.setInput(bytes, 0, length);
    int most = dataset.chunks().bytes() + SLACK_BYTES;
    int done = 0;
    while (!inflater.finished()) {
      other = grown(other, Math.min(most, done + FIRST_BYTES), most);
      int count = inflateInto(other, done, Math.min(other.length, most) - done);
      done += count;
      if (done == most) {
        throw broken("more than %d bytes inflated".formatted(dataset.chunks().bytes()));
      }
      if (count == 0 && !inflater.finished()) {
        throw broken("deflated data end after %d bytes".formatted(done));
      }
    }
    length = done;
    swap();
  }

  private void decompressLzf() throws IOException {
    int most = dataset.chunks().bytes() + SLACK_BYTES;
    other = grown(other, most, most);
    int done = Lzf.decompress(bytes, length, other, most);
    if (done < 0) {
      throw broken("%d bytes that are no LZF of %d".formatted(length, dataset.chunks().bytes()));
    }
    length = done;
    swap();
  }

  void close() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }
}

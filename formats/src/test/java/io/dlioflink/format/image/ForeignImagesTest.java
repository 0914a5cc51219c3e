/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images as we do not write them: the files are made with Pillow and jpegtran, which also gave the
 * checksums of their pixels.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignImagesTest {
  private static final int PNG_HEADER_END = 33;

  private final MemoryStorage storage = new MemoryStorage();
  private final FileInput input = new FileInput(4096);
  private final ReadSpec spec =
      ReadSpec.of(new FileSpec(0, List.of(1), ElementType.UINT8, 1, Compression.NONE));

  @ParameterizedTest
  @CsvSource({
    "progressive.jpeg, 1197, 0xff9c04b3",
    "scans.jpeg, 1197, 0xff9c04b3",
    "interlaced.png, 429, 0xa2dfcfc8",
  })
  void pixelsAreThoseOfPillow(String name, int bytes, String crc) throws IOException {
    CRC32 found = new CRC32();
    assertThat(read(name, resource(name), found::update)).isEqualTo(bytes);
    assertThat(found.getValue()).isEqualTo(Long.decode(crc));
  }

  @Test
  void restartsWithHalvedColoursAreRead() throws IOException {
    assertThat(read("restarts.jpeg", resource("restarts.jpeg"))).isEqualTo(21 * 19 * 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"progressive.jpeg", "scans.jpeg", "restarts.jpeg", "interlaced.png"})
  void whateverChangesTheErrorIsOurs(String name) throws IOException {
    byte[] bytes = resource(name);
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = bytes.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        changed = Arrays.copyOf(changed, random.nextInt(changed.length));
      }
      try {
        read(name, changed);
      } catch (BrokenFileException | UnsupportedFileException e) {
        assertThat(e).hasMessageContaining("memory:///" + name).hasMessageContaining("at byte");
      }
    }
  }

  @Test
  void aRestartOutOfTurnIsBroken() throws IOException {
    byte[] bytes = resource("restarts.jpeg");
    for (int i = 0; i < bytes.length - 1; i++) {
      if (bytes[i] == (byte) 0xff && (bytes[i + 1] & 0xff) == Jpeg.FIRST_RESTART) {
        bytes[i + 1]++;
        break;
      }
    }
    assertThatThrownBy(() -> read("restarts.jpeg", bytes))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("found JPEG marker 0xffd1, expected restart 0xffd0");
  }

  @Test
  void aProgressiveImageTooLargeToHoldIsRefused() throws IOException {
    byte[] bytes = resource("progressive.jpeg");
    int frame = 0;
    while (bytes[frame] != (byte) 0xff || (bytes[frame + 1] & 0xff) != Jpeg.PROGRESSIVE_FRAME) {
      frame++;
    }
    ByteBuffer.wrap(bytes).putShort(frame + 5, (short) 60000).putShort(frame + 7, (short) 60000);
    assertThatThrownBy(() -> read("large.jpeg", bytes))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("60000 x 60000 pixels in several scans")
        .hasMessageContaining("at most 67108864");
  }

  @Test
  void otherKindsOfJpegAreNamed() throws IOException {
    byte[] bytes = resource("restarts.jpeg");
    int frame = 0;
    while (bytes[frame] != (byte) 0xff || (bytes[frame + 1] & 0xff) != Jpeg.BASELINE_FRAME) {
      frame++;
    }
    bytes[frame + 1] = (byte) 0xc9;
    assertThatThrownBy(() -> read("arithmetic.jpeg", bytes))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("at byte " + frame)
        .hasMessageContaining("0xffc9");
  }

  @Test
  void anUnknownCriticalChunkIsUnsupported() throws IOException {
    byte[] bytes = withChunk("ABCD", new byte[3]);
    assertThatThrownBy(() -> read("critical.png", bytes))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("at byte 33")
        .hasMessageContaining("critical PNG chunk ABCD");
    assertThat(read("ancillary.png", withChunk("abCD", new byte[3]))).isEqualTo(13 * 11 * 3);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, end before the last row",
    "1, go on after the last row",
  })
  void rowsMissingOrLeftOverAreBroken(int more, String message) {
    byte[] rows = new byte[3 * 5 + more];
    assertThatThrownBy(() -> read("rows.png", grey(4, 3, rows)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFilterThatDoesNotExistIsBroken() {
    byte[] rows = new byte[3 * 5];
    rows[5] = 5;
    assertThatThrownBy(() -> read("filter.png", grey(4, 3, rows)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("PNG row 1 has filter 5");
  }

  @Test
  void rowsTooLongToHoldAreRefused() {
    assertThatThrownBy(() -> read("long.png", grey(1 << 30, 1, new byte[9])))
        .isInstanceOf(UnsupportedFileException.class)
        .hasMessageContaining("PNG rows of 1073741824 bytes; at most 16777216");
  }

  @Test
  void anImageNeedsTwoDimensions() {
    FileSpec line = new FileSpec(0, List.of(7), ElementType.UINT8, 1, Compression.NONE);
    assertThatThrownBy(() -> new PngFormat().sampleBytes(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("record_dims has [7]");
  }

  private byte[] withChunk(String type, byte[] data) throws IOException {
    byte[] bytes = resource("interlaced.png");
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.write(bytes, 0, PNG_HEADER_END);
    longer.writeBytes(chunk(type, data));
    longer.write(bytes, PNG_HEADER_END, bytes.length - PNG_HEADER_END);
    return longer.toByteArray();
  }

  private static byte[] grey(int columns, int rows, byte[] lines) {
    Deflater deflater = new Deflater();
    deflater.setInput(lines);
    deflater.finish();
    byte[] deflated = new byte[1000];
    int length = deflater.deflate(deflated);
    deflater.end();
    ByteBuffer header = ByteBuffer.allocate(Png.HEADER_BYTES).putInt(columns).putInt(rows);
    header.put((byte) 8);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(ByteBuffer.allocate(8).putLong(Png.SIGNATURE).array());
    file.writeBytes(chunk("IHDR", header.array()));
    file.writeBytes(chunk("IDAT", Arrays.copyOf(deflated, length)));
    file.writeBytes(chunk("IEND", new byte[0]));
    return file.toByteArray();
  }

  private static byte[] chunk(String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(Png.CHUNK_OVERHEAD_BYTES + data.length);
    chunk.putInt(data.length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), Integer.BYTES, Integer.BYTES + data.length);
    return chunk.putInt((int) crc.getValue()).array();
  }

  private static byte[] resource(String name) throws IOException {
    try (var bytes = ForeignImagesTest.class.getResourceAsStream("/images/" + name)) {
      return bytes.readAllBytes();
    }
  }

  private long read(String name, byte[] bytes) throws IOException {
    return read(name, bytes, PixelRows.DROPPED);
  }

  private long read(String name, byte[] bytes, PixelRows pixels) throws IOException {
    storage.put(name, bytes);
    input.open(storage, MemoryStorage.file(name));
    try (SampleFileDecoder decoder =
        name.endsWith("png") ? new PngDecoder(spec, pixels) : new JpegDecoder(spec, pixels)) {
      return decoder.decode(input, 0);
    } finally {
      input.close();
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads past the page cache: aligned requests straight into the caller's buffer, all others through
 * an aligned buffer of ours.
 */
record DirectReader(
    Location location,
    FileChannel channel,
    int alignmentBytes,
    AlignedBuffers buffers,
    TransferCounts counts)
    implements StorageReader {

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    try {
      return isAligned(position, target)
          ? readStraight(position, target)
          : readBounced(position, target);
    } catch (IOException e) {
      throw FileErrors.sorted(e, location, "Cannot read at byte " + position);
    }
  }

  private boolean isAligned(long position, ByteBuffer target) {
    int mask = alignmentBytes - 1;
    return target.isDirect()
        && ((position | target.remaining()) & mask) == 0
        && target.alignmentOffset(target.position(), alignmentBytes) == 0;
  }

  private int readStraight(long position, ByteBuffer target) throws IOException {
    int read = channel.read(target, position);
    counts.addDirectRead(Math.max(read, 0));
    return read;
  }

  private int readBounced(long position, ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    if (wanted == 0) {
      return 0;
    }
    ByteBuffer bounce = buffers.take(alignmentBytes);
    try {
      int done = 0;
      boolean ended = false;
      while (done < wanted && !ended) {
        long start = (position + done) & -alignmentBytes;
        int skipped = (int) (position + done - start);
        long blocks = (skipped + (long) (wanted - done) + alignmentBytes - 1) & -alignmentBytes;
        bounce.clear().limit((int) Math.min(blocks, bounce.capacity()));
        int asked = bounce.limit();
        int read = channel.read(bounce, start);
        ended = read < asked;
        int useful = Math.min(read - skipped, wanted - done);
        if (useful > 0) {
          target.put(bounce.position(skipped).limit(skipped + useful));
          done += useful;
        }
      }
      counts.addBouncedRead(done);
      return done == 0 ? -1 : done;
    } finally {
      buffers.give(bounce);
    }
  }

  @Override
  public long lengthBytes() throws IOException {
    try {
      return channel.size();
    } catch (IOException e) {
      throw FileErrors.sorted(e, location, "Cannot get the size");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

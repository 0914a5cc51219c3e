/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.SampleOrder;
import io.dlioflink.workload.random.PhiloxRandom;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;

/**
 * What one rank reads: a sequence that starts over as often as needed, each round through a shuffle
 * buffer of its own.
 *
 * @param sequence sample id at a position
 * @param length of the sequence
 * @param keepEvery of what comes out of the buffer, every so manieth element is kept ...
 * @param keepFirst ... beginning with this one
 * @param perRound elements that are kept of a round before the next one starts
 * @param paddingPerRound places that follow them without a sample
 * @param shuffle makes the random numbers of a round, counted from 0; empty: no shuffling
 * @param bufferSize of the shuffle buffer
 */
record RankRounds(
    LongUnaryOperator sequence,
    long length,
    int keepEvery,
    int keepFirst,
    long perRound,
    long paddingPerRound,
    Optional<LongFunction<PhiloxRandom>> shuffle,
    int bufferSize) {

  Cursor cursor() {
    return new Cursor(this);
  }

  /** Goes through the rounds. */
  static final class Cursor {
    private final RankRounds rounds;
    private long position;
    private long round = -1;
    private long inRound;
    private ShuffleBuffer buffer;

    private Cursor(RankRounds rounds) {
      this.rounds = rounds;
      startRound(0);
    }

    private void startRound(long newRound) {
      round = newRound;
      inRound = 0;
      if (rounds.shuffle.isPresent()) {
        buffer =
            new ShuffleBuffer(
                rounds.length, rounds.bufferSize, rounds.shuffle.get().apply(newRound));
        drop(rounds.keepFirst);
      }
    }

    private void drop(int elements) {
      for (int i = 0; i < elements; i++) {
        buffer.next();
      }
    }

    /** Position of the element that {@link #next} gives. */
    long position() {
      return position;
    }

    /** Goes on to a later position. */
    void skipTo(long target) {
      if (buffer == null) {
        long roundLength = rounds.perRound + rounds.paddingPerRound;
        position = target;
        round = target / roundLength;
        inRound = target % roundLength;
        return;
      }
      while (position < target) {
        next();
      }
    }

    /** A sample id or padding. */
    long next() {
      if (inRound == rounds.perRound + rounds.paddingPerRound) {
        startRound(round + 1);
      }
      position++;
      long index = inRound++;
      if (index >= rounds.perRound) {
        return SampleOrder.PADDING;
      }
      if (buffer == null) {
        return rounds.sequence.applyAsLong(rounds.keepFirst + index * rounds.keepEvery);
      }
      if (index > 0) {
        drop(rounds.keepEvery - 1);
      }
      return rounds.sequence.applyAsLong(buffer.next());
    }
  }
}

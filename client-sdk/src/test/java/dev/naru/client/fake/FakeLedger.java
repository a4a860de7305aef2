package dev.naru.client.fake;

import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a leader remembers of producers, by the table of what it may answer: the last five batches
 * of each, so that it knows again what is sent twice.
 */
final class FakeLedger {

  private static final int BATCHES_MAX = 5;

  private final TreeMap<Long, State> states = new TreeMap<>();

  /** What it says of a batch: take it, or it is there already, or it is refused. */
  record Verdict(Optional<Long> firstOffset, Optional<ErrorCode> refusal) {

    static final Verdict FRESH = new Verdict(Optional.empty(), Optional.empty());

    static Verdict duplicate(long firstOffset) {
      return new Verdict(Optional.of(firstOffset), Optional.empty());
    }

    static Verdict refused(ErrorCode code) {
      return new Verdict(Optional.empty(), Optional.of(code));
    }
  }

  Verdict judge(BatchHeader batch) {
    if (!batch.hasProducer()) {
      return Verdict.FRESH;
    }
    var state = states.get(batch.producerId());
    if (state == null) {
      return batch.baseSequence() == 0
          ? Verdict.FRESH
          : Verdict.refused(ErrorCode.UNKNOWN_PRODUCER_ID);
    }
    if (batch.producerEpoch() < state.epoch) {
      return Verdict.refused(ErrorCode.PRODUCER_FENCED);
    }
    if (batch.producerEpoch() > state.epoch) {
      return batch.baseSequence() == 0
          ? Verdict.FRESH
          : Verdict.refused(ErrorCode.OUT_OF_ORDER_SEQUENCE);
    }
    return judge(batch, state);
  }

  private static Verdict judge(BatchHeader batch, State state) {
    for (var run : state.runs) {
      if (run.first == batch.baseSequence() && run.count == batch.recordCount()) {
        return run.crc == batch.crc()
            ? Verdict.duplicate(run.offset)
            : Verdict.refused(ErrorCode.OUT_OF_ORDER_SEQUENCE);
      }
    }
    if (batch.baseSequence() == state.next) {
      return Verdict.FRESH;
    }
    return Verdict.refused(
        batch.baseSequence() < state.runs.getFirst().first
            ? ErrorCode.DUPLICATE_SEQUENCE
            : ErrorCode.OUT_OF_ORDER_SEQUENCE);
  }

  void note(BatchHeader batch, long offset) {
    if (!batch.hasProducer()) {
      return;
    }
    var state = states.computeIfAbsent(batch.producerId(), id -> new State());
    if (state.epoch != batch.producerEpoch()) {
      state.runs.clear();
      state.epoch = batch.producerEpoch();
    }
    state.runs.addLast(new Run(batch.baseSequence(), batch.recordCount(), offset, batch.crc()));
    state.next = batch.baseSequence() + batch.recordCount();
    if (state.runs.size() > BATCHES_MAX) {
      state.runs.removeFirst();
    }
  }

  /** As after it was silent for too long. */
  void forget() {
    states.clear();
  }

  /** Somebody uses each id in a later epoch. */
  void fence() {
    states.values().forEach(state -> state.epoch = Short.MAX_VALUE);
  }

  int producers() {
    return states.size();
  }

  private record Run(int first, int count, long offset, int crc) {}

  private static final class State {
    private final ArrayDeque<Run> runs = new ArrayDeque<>();
    private int epoch = -1;
    private int next;
  }
}

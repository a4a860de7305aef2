package dev.naru.log.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.producer.ProducerLedger.Truncated;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.record.BatchHeader;
import dev.naru.record.BatchSieve;
import dev.naru.testing.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Producers write to a log that loses answers, is cut, compacted, restarted and read anew. Whatever
 * happens, each batch is in the log once and in its place; and the ledger answers as somebody does
 * who looks through the whole log each time.
 */
class LedgerAgainstModelTest {

  private static final int RUNS = 2_000;
  private static final int STEPS = 120;

  @Test
  void eachBatchIsInTheLogOnceWhateverHappens() {
    Seeds.forEach(RUNS, (seed, random) -> new Play(random).run());
  }

  /** One log with its ledger, and some producers. */
  private static final class Play {

    private final RandomGenerator random;
    private final List<Writer> writers = new ArrayList<>();
    private final List<BatchHeader> log = new ArrayList<>(); // as it was written
    private List<BatchHeader> stored = new ArrayList<>(); // as compaction has left it
    private final List<Snapshot> snapshots = new ArrayList<>();
    private ProducerLedger ledger = ProducerLedger.emptyAt(0);
    private long highWatermark;
    private int crc;

    /** As they are written down: compaction may go over what they tell of afterwards. */
    private record Snapshot(long offset, List<ProducerState> states) {}

    Play(RandomGenerator random) {
      this.random = random;
      int count = random.nextInt(1, 4);
      for (int i = 0; i < count; i++) {
        int first = random.nextInt(3) == 0 ? Integer.MAX_VALUE - random.nextInt(40) : 0;
        writers.add(new Writer(i + 1L, first));
      }
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        step();
        askAtRandom();
        askACopy();
      }
    }

    private void step() {
      var writer = writers.get(random.nextInt(writers.size()));
      switch (random.nextInt(18)) {
        case 0, 1, 2, 3, 4, 5, 6 -> writer.sendNew();
        case 7, 8 -> writer.sendAgain();
        case 9, 10 -> writer.hear();
        case 11 -> commit();
        case 12 -> cut();
        case 13 -> compact();
        case 14 -> readAnew();
        case 15 -> plain();
        case 16, 17 -> snapshots.add(new Snapshot(end(), ledger.states()));
        default -> throw new AssertionError();
      }
    }

    private long end() {
      return log.isEmpty() ? 0 : log.getLast().nextOffset();
    }

    private void append(BatchHeader sent) {
      var header =
          Stamped.batch(
              sent.producerId(),
              sent.producerEpoch(),
              sent.baseSequence(),
              sent.lastOffsetDelta() + 1,
              end(),
              sent.crc());
      log.add(header);
      stored.add(header);
      ledger.note(header);
    }

    private void plain() {
      var header = Stamped.plain(random.nextInt(1, 4), end());
      log.add(header);
      stored.add(header);
      ledger.note(header);
    }

    private void commit() {
      if (!log.isEmpty()) {
        highWatermark = Math.max(highWatermark, log.get(random.nextInt(log.size())).nextOffset());
        ledger.committed(highWatermark);
      }
    }

    /** To an edge that is not committed; what lies above is not there any more. */
    private void cut() {
      var edges = log.stream().mapToLong(BatchHeader::baseOffset).filter(at -> at >= highWatermark);
      long[] all = edges.toArray();
      if (all.length == 0) {
        return;
      }
      long newEnd = all[random.nextInt(all.length)];
      log.removeIf(header -> header.baseOffset() >= newEnd);
      stored.removeIf(header -> header.baseOffset() >= newEnd);
      snapshots.removeIf(snapshot -> snapshot.offset > newEnd);
      if (ledger.truncateTo(newEnd) == Truncated.BELOW_UNDO) {
        readAnew();
      }
      writers.forEach(writer -> writer.cut(newEnd));
    }

    /** Only what is committed; some batches are left with fewer records, some become one. */
    private void compact() {
      var left = new ArrayList<BatchHeader>();
      for (BatchHeader header : stored) {
        boolean isEmptied = header.nextOffset() <= highWatermark && random.nextBoolean();
        var kept = isEmptied && header.hasProducer() ? emptied(header) : header;
        if (!left.isEmpty() && canMerge(left.getLast(), kept)) {
          kept = merged(left.removeLast(), kept);
        }
        left.add(kept);
      }
      stored = left;
    }

    private static BatchHeader emptied(BatchHeader header) {
      return Stamped.compacted(
          header.producerId(),
          header.producerEpoch(),
          header.baseSequence(),
          header.lastOffsetDelta() + 1,
          header.baseOffset(),
          ~header.crc(),
          0);
    }

    private static boolean canMerge(BatchHeader first, BatchHeader next) {
      return first.isHeaderOnly()
          && next.isHeaderOnly()
          && first.producerId() == next.producerId()
          && first.producerEpoch() == next.producerEpoch()
          && first.baseSequence() + first.lastOffsetDelta() + 1 == next.baseSequence();
    }

    private static BatchHeader merged(BatchHeader first, BatchHeader next) {
      return Stamped.compacted(
          first.producerId(),
          first.producerEpoch(),
          first.baseSequence(),
          (int) (next.nextOffset() - first.baseOffset()),
          first.baseOffset(),
          next.crc(),
          0);
    }

    /** As a restart does: from what was written down at some moment, or from nothing. */
    private void readAnew() {
      snapshots.add(new Snapshot(0, List.of()));
      var snapshot = snapshots.get(random.nextInt(snapshots.size()));
      ledger = ProducerLedger.of(snapshot.states, snapshot.offset);
      storedFrom(snapshot.offset).forEach(ledger::note);
      if (random.nextBoolean()) {
        ledger.committed(highWatermark);
      }
    }

    /** What lies there from the edge of a batch as it was written; by now it may be inside one. */
    private List<BatchHeader> storedFrom(long offset) {
      return stored.stream()
          .filter(header -> header.nextOffset() > offset)
          .map(header ->
              header.baseOffset() < offset ? BatchSieve.from(header, offset).header() : header)
          .toList();
    }

    /** Of numbers that nobody has sent, the ledger must know just as well. */
    private void askAtRandom() {
      var writer = writers.get(random.nextInt(writers.size()));
      var known = ledger.state(writer.id);
      assertThat(known.map(ProducerState::nextSequence)).isEqualTo(writer.expected());
      known.ifPresent(state -> {
        int ahead = Run.after(state.nextSequence(), random.nextInt(1, 50));
        var gap = Stamped.batch(writer.id, writer.epoch, ahead, 2, 0, --crc);
        assertThat(ledger.judge(gap)).isInstanceOf(Verdict.Refusal.class);
        var other = Stamped.batch(writer.id, writer.epoch, state.nextSequence(), 2, 0, --crc);
        assertThat(ledger.judge(other)).isEqualTo(new Fresh());
      });
    }

    /** A replica that begins anywhere, and is told what it is not given, answers the same. */
    private void askACopy() {
      int from = random.nextInt(log.size() + 1);
      long at = from == 0 ? 0 : log.get(from - 1).nextOffset();
      var copy = ProducerLedger.of(ledger.statesBelow(at), at);
      storedFrom(at).forEach(copy::note);

      assertThat(copy.size()).isEqualTo(ledger.size());
      for (Writer writer : writers) {
        assertThat(copy.state(writer.id).map(ProducerState::nextSequence))
            .isEqualTo(ledger.state(writer.id).map(ProducerState::nextSequence));
        for (BatchHeader batch : writer.unheard) {
          assertThat(copy.judge(batch)).isEqualTo(ledger.judge(batch));
        }
      }
    }

    /** Sends up to five batches before it hears of the first, and again what was cut. */
    private final class Writer {

      private final long id;
      private final short epoch = 3;
      private final Deque<BatchHeader> unheard = new ArrayDeque<>();
      private int next;

      Writer(long id, int first) {
        this.id = id;
        this.next = first;
        if (first > 0) {
          // As a ledger has it after many batches: a new one would begin at 0.
          append(Stamped.batch(id, epoch, first - 1, 1, 0, ++crc));
          highWatermark = end();
          ledger.committed(highWatermark);
        }
      }

      void sendNew() {
        if (unheard.size() < ProducerState.RUNS_MAX && !hasCut()) {
          int count = random.nextInt(1, 5);
          var batch = Stamped.batch(id, epoch, next, count, 0, ++crc);
          next = Run.after(next, count);
          unheard.add(batch);
          send(batch);
        }
      }

      private boolean hasCut() {
        return unheard.stream().anyMatch(batch -> find(batch) < 0);
      }

      void sendAgain() {
        unheard.forEach(this::send);
      }

      /** What the leader does. */
      private void send(BatchHeader batch) {
        long offset = find(batch);
        switch (ledger.judge(batch)) {
          case Fresh _ -> {
            assertThat(offset).as("a batch that is there").isNegative();
            append(batch);
          }
          case Duplicate(long first, long behind) -> {
            assertThat(first).isEqualTo(offset);
            assertThat(behind).isEqualTo(offset + batch.lastOffsetDelta() + 1);
          }
          case Verdict.Refusal(var why) -> throw new AssertionError(why);
          case Verdict.Contradiction(var why) -> throw new AssertionError(why);
        }
      }

      /** By looking through the log as it was written; below zero if it is not there. */
      private long find(BatchHeader batch) {
        return log.stream()
            .filter(header -> header.producerId() == id)
            .filter(header -> header.baseSequence() == batch.baseSequence())
            .mapToLong(BatchHeader::baseOffset)
            .findFirst()
            .orElse(-1);
      }

      /** The answer to the first arrives, if it is committed. */
      void hear() {
        if (!unheard.isEmpty()) {
          long at = find(unheard.getFirst());
          if (at >= 0 && at < highWatermark) {
            unheard.removeFirst();
          }
        }
      }

      void cut(long newEnd) {
        assertThat(unheard.stream().filter(batch -> find(batch) >= newEnd)).isEmpty();
      }

      Optional<Integer> expected() {
        return log.stream()
            .filter(header -> header.producerId() == id)
            .reduce((first, second) -> second)
            .map(last -> Run.after(last.baseSequence(), last.lastOffsetDelta() + 1L));
      }
    }
  }
}

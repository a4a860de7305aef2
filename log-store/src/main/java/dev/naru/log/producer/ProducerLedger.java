package dev.naru.log.producer;

import dev.naru.log.producer.Verdict.Contradiction;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.log.producer.Verdict.Refusal;
import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Which batches of which producers a log holds last, so that a batch that a producer sends again,
 * because it did not hear what became of it, is appended once.
 *
 * <p>A producer numbers its records, for each partition from 0 on, under an id that no other has
 * and an epoch that it raises when it has to begin anew. Each batch carries id, epoch and the
 * number of its first record. The ledger remembers of each producer the last five batches, as many
 * as may be under way: the leader asks it before it appends ({@link #judge}), and every replica
 * tells it what was appended ({@link #note}), leader or not. So it is a function of the batches in
 * the log, but for producers whose batches have gone by retention or that have been silent for too
 * long: two replicas with the same batches answer alike, and a new leader has nothing to load.
 *
 * <p>A batch that is taken for one the log holds, and is not, is acknowledged and lost, and nobody
 * hears of it. That is worse than a batch twice. So the checksum is remembered too, and what has
 * the same numbers and another checksum is refused.
 *
 * <p>When the log is cut, what was noted above the cut is taken back. For that the state before
 * each batch is kept until the batch is committed, or too many have come since ({@link
 * #truncateTo}).
 *
 * <p>There is no clock here: somebody says now and then that time has passed ({@link #age}), and no
 * timestamp of a batch is believed. Memory is limited by the number of producers, which somebody
 * else may lower ({@link ProducerRoom}).
 *
 * <p>Owned by the owner of the log.
 */
public final class ProducerLedger {

  /** About 20 MB. Each is a process that wrote to this one partition since it was forgotten. */
  public static final int PRODUCERS_MAX = 50_000;

  /**
   * So many whole {@linkplain #age eras} a producer may be silent and is not pushed out by others.
   */
  public static final int PROTECTED_ERAS = 6;

  /**
   * So many batches can be taken back, also when nobody says what is committed. Cuts go a few
   * batches back; for one that goes further the headers are read again.
   */
  static final int UNDO_MAX = 1_000;

  /** Half of all numbers: what is further ahead is behind. */
  private static final int BEHIND = 1 << 30;

  // The one that has been silent for longest first, but for those whose batches were taken back.
  private final SequencedMap<Long, ProducerState> producers = new LinkedHashMap<>();
  private final Deque<Undo> undo = new ArrayDeque<>();
  private ProducerRoom room;
  private long undoFrom; // everything noted at or above can be taken back
  private int era;

  // How many producers there are; written by the owner, read by whoever shares the room out.
  private volatile int size;

  /**
   * What was known of a producer before it wrote a batch.
   *
   * @param pushedOut another one, to make room for it
   */
  private record Undo(
      long offset,
      long producer,
      Optional<ProducerState> before,
      Optional<ProducerState> pushedOut) {}

  /** What became of a truncation. */
  public enum Truncated {
    /** The ledger is as it was when the log ended there. */
    DONE,
    /** It is void: more was cut than can be taken back. Make one anew. */
    BELOW_UNDO
  }

  private ProducerLedger(ProducerRoom room, long undoFrom) {
    this.room = room;
    this.undoFrom = undoFrom;
  }

  /** Of a log that begins at this offset and that no producer has written. */
  public static ProducerLedger emptyAt(long offset) {
    return new ProducerLedger(ProducerRoom.OF_ONE_LOG, offset);
  }

  /** The same with room for fewer. */
  static ProducerLedger emptyFor(int producersMax) {
    return new ProducerLedger(() -> producersMax, 0);
  }

  /** As another one was when its log ended at this offset; nobody in it has been silent. */
  public static ProducerLedger of(List<ProducerState> states, long offset) {
    var ledger = emptyAt(offset);
    states.forEach(state -> ledger.put(state.in(ledger.era)));
    ledger.count();
    return ledger;
  }

  /** From now on it knows no more than this, but for those that must not be forgotten yet. */
  public void boundBy(ProducerRoom newRoom) {
    room = newRoom;
  }

  /**
   * Whether a batch that is to be appended is one that is here, and if not, whether it comes in its
   * turn. Changes nothing. Its id, epoch and number are all given or all left out.
   */
  public Verdict judge(BatchHeader header) {
    if (!isNumbered(header)) {
      return new Fresh();
    }
    var known = producers.get(header.producerId());
    if (known == null) {
      return judgeUnknown(header);
    }
    if (header.producerEpoch() != known.epoch()) {
      return judgeEpoch(header, known);
    }
    if (header.baseSequence() == known.nextSequence()) {
      // First, for a run of many merged batches may have these numbers from when they were last
      // given, 2³¹ before. A copy is never next: it is of one of the last five batches.
      return new Fresh();
    }
    return known
        .holding(header.baseSequence(), Run.countOf(header))
        .map(run -> judgeHeld(header, run))
        .orElseGet(() -> judgeOutOfTurn(header, known));
  }

  /** Markers and batches without numbers leave no trace. */
  private static boolean isNumbered(BatchHeader header) {
    return header.producerId() >= 0
        && header.producerEpoch() >= 0
        && header.baseSequence() >= 0
        && header.lastOffsetDelta() >= 0;
  }

  private Verdict judgeUnknown(BatchHeader header) {
    if (header.baseSequence() != 0) {
      return refusal(
          ErrorCode.UNKNOWN_PRODUCER_ID,
          "Expected a known producer or sequence 0, but was producer %d at sequence %d"
              .formatted(header.producerId(), header.baseSequence()));
    }
    return !isFull() || isEldestUnprotected()
        ? new Fresh()
        : refusal(
            ErrorCode.TOO_MANY_REQUESTS,
            "Expected at most %d producers of a partition of late, but there is one more"
                .formatted(room.producersMax()));
  }

  private boolean isFull() {
    return producers.size() >= room.producersMax();
  }

  /** One era more than whole ones: it may have written just before the first of them. */
  private boolean isEldestUnprotected() {
    return !producers.isEmpty() && era - producers.firstEntry().getValue().era() > PROTECTED_ERAS;
  }

  private static Verdict judgeEpoch(BatchHeader header, ProducerState known) {
    if (header.producerEpoch() < known.epoch()) {
      return refusal(
          ErrorCode.PRODUCER_FENCED,
          "Expected epoch %d or later of producer %d, but was %d"
              .formatted(known.epoch(), known.id(), header.producerEpoch()));
    }
    return header.baseSequence() == 0
        ? new Fresh()
        : refusal(
            ErrorCode.OUT_OF_ORDER_SEQUENCE,
            "Expected sequence 0 in the new epoch %d of producer %d, but was %d"
                .formatted(header.producerEpoch(), known.id(), header.baseSequence()));
  }

  private static Verdict judgeHeld(BatchHeader header, Run run) {
    if (run.crc().isPresent() && run.crc().getAsInt() != header.crc()) {
      return new Contradiction(
          new Refused(
              ErrorCode.OUT_OF_ORDER_SEQUENCE,
              "Expected the batch at offset %d again, but was other records under the same numbers"
                  .formatted(run.firstOffset())));
    }
    long first = run.offsetOf(header.baseSequence());
    return new Duplicate(first, first + Run.countOf(header));
  }

  private static Verdict judgeOutOfTurn(BatchHeader header, ProducerState known) {
    int expected = known.nextSequence();
    int end = Run.after(header.baseSequence(), Run.countOf(header));
    int eldest = known.runs().getFirst().firstSequence();
    return Run.distance(end, eldest) < BEHIND
        ? refusal(
            ErrorCode.DUPLICATE_SEQUENCE,
            "Expected sequence %d of producer %d, but was %d, of before the last %d batches"
                .formatted(expected, known.id(), header.baseSequence(), known.runs().size()))
        : refusal(
            ErrorCode.OUT_OF_ORDER_SEQUENCE,
            "Expected sequence %d of producer %d, but was %d"
                .formatted(expected, known.id(), header.baseSequence()));
  }

  private static Refusal refusal(ErrorCode code, String why) {
    return new Refusal(new Refused(code, why));
  }

  /**
   * Takes note of a batch that was appended. Never refuses: what is in the log is so. Numbers that
   * do not go on where the last ones ended, and another epoch, begin anew.
   */
  public void note(BatchHeader header) {
    if (!isNumbered(header)) {
      return;
    }
    long id = header.producerId();
    var before = Optional.ofNullable(producers.get(id));
    var run = Run.of(header);
    var pushedOut =
        put(
            before
                .filter(known -> known.epoch() == header.producerEpoch())
                .filter(known -> known.nextSequence() == run.firstSequence())
                .map(known -> known.with(run, era))
                .orElseGet(() -> ProducerState.beginning(id, header.producerEpoch(), era, run)));
    undo.addLast(new Undo(header.baseOffset(), id, before, pushedOut));
    if (undo.size() > UNDO_MAX) {
      undoFrom = Math.max(undoFrom, undo.removeFirst().offset + 1);
    }
    count();
  }

  /** Says who had to go for it, protected or not: the log holds what it holds. */
  private Optional<ProducerState> put(ProducerState state) {
    Optional<ProducerState> pushedOut = Optional.empty();
    if (isFull() && !producers.isEmpty() && !producers.containsKey(state.id())) {
      pushedOut = Optional.of(producers.pollFirstEntry().getValue());
    }
    producers.putLast(state.id(), state);
    return pushedOut;
  }

  private void count() {
    size = producers.size();
  }

  /** Below this the log will not be cut: what was known before needs no longer be kept. */
  public void committed(long highWatermark) {
    while (!undo.isEmpty() && undo.getFirst().offset < highWatermark) {
      undo.removeFirst();
    }
    undoFrom = Math.max(undoFrom, highWatermark);
  }

  /** Goes back to when the log ended at this offset, the edge of a batch. */
  public Truncated truncateTo(long end) {
    if (end < undoFrom) {
      return Truncated.BELOW_UNDO;
    }
    while (!undo.isEmpty() && undo.getLast().offset >= end) {
      var last = undo.removeLast();
      last.before.ifPresentOrElse(
          known -> producers.put(last.producer, known), () -> producers.remove(last.producer));
      last.pushedOut.ifPresent(eldest -> producers.putFirst(eldest.id(), eldest));
    }
    count();
    return Truncated.DONE;
  }

  /**
   * Time has passed: one era more. Whoever has been silent for more than so many is forgotten, or a
   * ledger would grow with every process that ever wrote; and where there is no room any more, the
   * eldest of those that are not protected.
   *
   * @param erasMax at least {@link #PROTECTED_ERAS}, or they would protect nobody
   * @return how many were forgotten
   */
  public int age(int erasMax) {
    era++;
    int before = producers.size();
    producers.values().removeIf(known -> era - known.era() > erasMax);
    while (producers.size() > room.producersMax() && isEldestUnprotected()) {
      producers.pollFirstEntry();
    }
    count();
    return before - producers.size();
  }

  /** All that is known, the eldest first. A copy. */
  public List<ProducerState> states() {
    return List.copyOf(producers.values());
  }

  /**
   * What a copy of the log has to be told that begins at this offset, the edge of a batch: it
   * cannot learn it from batches that it is not given. With these states, and the others noted, it
   * knows as much as this one.
   */
  public List<ProducerState> statesBelow(long offset) {
    return producers.values().stream().flatMap(state -> state.below(offset).stream()).toList();
  }

  /** What is known of one. */
  public Optional<ProducerState> state(long producerId) {
    return Optional.ofNullable(producers.get(producerId));
  }

  /** How many producers are known. Any thread may ask. */
  public int size() {
    return size;
  }
}

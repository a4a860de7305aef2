package dev.naru.log.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a log knows of one producer.
 *
 * @param epoch of the producer, under which the runs were written
 * @param era when it last wrote, in {@linkplain ProducerLedger#age ages} of the ledger; no part of
 *     what it answers
 * @param runs its last batches, the eldest first: one to five of them
 */
public record ProducerState(long id, short epoch, int era, List<Run> runs) {

  /**
   * So many batches of a producer may be under way to a leader, and come again. More need not be
   * known.
   */
  public static final int RUNS_MAX = 5;

  /** Refuses a producer that wrote nothing, and more runs than there may be. */
  public ProducerState {
    runs = List.copyOf(runs);
    if (id < 0 || epoch < 0 || runs.isEmpty() || runs.size() > RUNS_MAX) {
      throw new IllegalArgumentException(
          "Expected an id and an epoch >= 0 and 1 to %d runs, but was %d, %d and %d"
              .formatted(RUNS_MAX, id, epoch, runs.size()));
    }
  }

  /** The first batch of a producer, or of an epoch of it. */
  static ProducerState beginning(long id, short epoch, int era, Run first) {
    return new ProducerState(id, epoch, era, List.of(first));
  }

  /** The number that its next batch begins with. */
  public int nextSequence() {
    return runs.getLast().endSequence();
  }

  /** The offset behind its last batch. */
  public long endOffset() {
    return runs.getLast().endOffset();
  }

  /** The same, and one batch more that goes on where the last one ends. */
  ProducerState with(Run next, int now) {
    var more = new ArrayList<Run>(RUNS_MAX + 1);
    more.addAll(runs);
    more.add(next);
    return new ProducerState(
        id, epoch, now, more.size() > RUNS_MAX ? more.subList(1, more.size()) : more);
  }

  /** The same, as if it had last written in this era. */
  ProducerState in(int newEra) {
    return new ProducerState(id, epoch, newEra, runs);
  }

  /** The same with what of its runs lies below this offset; empty if nothing does. */
  Optional<ProducerState> below(long offset) {
    var kept = runs.stream().flatMap(run -> run.below(offset).stream()).toList();
    return kept.isEmpty() ? Optional.empty() : Optional.of(new ProducerState(id, epoch, era, kept));
  }

  /** The run that has all of these numbers; if some do, the newest. */
  Optional<Run> holding(int first, long howMany) {
    return runs.reversed().stream().filter(run -> run.holds(first, howMany)).findFirst();
  }
}

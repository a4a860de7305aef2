package dev.naru.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.replica.SubscribeAnswer.FitsUpTo;
import dev.naru.broker.replica.SubscribeAnswer.NothingShared;
import dev.naru.broker.replica.SubscribeAnswer.Parts;
import dev.naru.log.epoch.EpochEnd;
import dev.naru.log.epoch.EpochHistory;
import dev.naru.testing.Seeds;
import dev.naru.types.LeaderEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Steps 6 and 7: where two logs part. */
class EpochAgreementTest {

  @Test
  void acceptsAPrefix() {
    var leader = log(1, 1, 1, 3, 3);

    assertThat(answer(leader, log(1, 1))).isEqualTo(new FitsUpTo(2));
    assertThat(answer(leader, log(1, 1, 1, 3))).isEqualTo(new FitsUpTo(4));
    assertThat(answer(leader, log())).isEqualTo(new FitsUpTo(0));
  }

  @Test
  void takesTheGreatestEpochUpToTheAskedOneWithItsEnd() { // KIP-279
    assertThat(answer(log(1, 1, 3, 3), log(1, 2, 2)))
        .isEqualTo(new Parts(new EpochEnd(new LeaderEpoch(1), 2)));
  }

  @Test
  void cutsTheFollowerToItsOwnEndOfAnEpochTheLeaderHasMoreOf() {
    var point = new EpochEnd(new LeaderEpoch(1), 2);

    assertThat(cut(log(1, 2, 2), point)).isEqualTo(1);
  }

  @Test
  void cutsTheFollowerToTheLeadersEndOfAnEpochItHasMoreOf() {
    assertThat(cut(log(1, 1, 1, 1), new EpochEnd(new LeaderEpoch(1), 2))).isEqualTo(2);
  }

  @Test
  void beginsAtTheLogStartWhenTheLeaderHasDroppedAllTheyShared() {
    var history = EpochHistory.EMPTY.assign(new LeaderEpoch(5), 50);
    var tail = new LogTail(0, 20, 20, Leading.epoch(3), OptionalInt.empty());

    assertThat(EpochAgreement.answer(history, 50, 60, tail)).isEqualTo(new NothingShared(50));
  }

  @Test
  void ignoresAnEpochThatTheFollowerLedWithoutWriting() {
    var own = EpochHistory.EMPTY.assign(new LeaderEpoch(1), 0).assign(new LeaderEpoch(4), 3);
    var tail = new LogTail(0, 3, 3, Leading.epoch(1), OptionalInt.empty());

    assertThat(EpochAgreement.cutTo(own, tail, new EpochEnd(new LeaderEpoch(4), 3))).isEqualTo(3);
    assertThat(EpochAgreement.cutTo(own, tail, new EpochEnd(new LeaderEpoch(1), 2))).isEqualTo(2);
  }

  @Test
  void sharesNothingWithALogThatBeginsAboveWhereTheyPart() {
    var history = EpochHistory.EMPTY.assign(new LeaderEpoch(4), 0).assign(new LeaderEpoch(6), 300);
    var tail = new LogTail(400, 500, 500, Leading.epoch(4), OptionalInt.empty());

    assertThat(EpochAgreement.answer(history, 0, 350, tail)).isEqualTo(new NothingShared(0));
  }

  /** What is left of a file may hold batches below the start. */
  @Test
  void hasNothingToCutInALogWithoutRecordsWhateverItsLastEpoch() {
    var history = EpochHistory.EMPTY.assign(new LeaderEpoch(3), 0).assign(new LeaderEpoch(5), 450);
    var tail = new LogTail(400, 400, 400, Leading.epoch(4), OptionalInt.empty());

    assertThat(EpochAgreement.answer(history, 0, 500, tail)).isEqualTo(new NothingShared(0));
  }

  /** Records were deleted up to the middle of a batch, and the rest of the log went as well. */
  @Test
  void aLogWithoutABatchFitsOnlyWhereTheLeadersBeginsOrEnds() {
    var history = EpochHistory.EMPTY.assign(new LeaderEpoch(3), 4);

    assertThat(EpochAgreement.answer(history, 4, 10, nothingAt(5))).isEqualTo(new NothingShared(4));
    assertThat(EpochAgreement.answer(history, 4, 10, nothingAt(4))).isEqualTo(new FitsUpTo(4));
    assertThat(EpochAgreement.answer(history, 4, 10, nothingAt(10))).isEqualTo(new FitsUpTo(10));
    assertThat(EpochAgreement.answer(history, 4, 10, nothingAt(11)))
        .isEqualTo(new NothingShared(4));
  }

  private static LogTail nothingAt(long offset) {
    return new LogTail(offset, offset, offset, Optional.empty(), OptionalInt.empty());
  }

  @Test
  void neverCutsBelowTheStart() {
    var own = EpochHistory.EMPTY.assign(new LeaderEpoch(4), 400);
    var tail = new LogTail(400, 500, 500, Leading.epoch(4), OptionalInt.empty());

    assertThat(EpochAgreement.cutTo(own, tail, new EpochEnd(new LeaderEpoch(4), 300)))
        .isEqualTo(400);
  }

  /**
   * Logs grow as they do in life: a replica leads an epoch from wherever its log ends, others copy
   * some of it. Whatever came of that, a follower agrees with a leader after a few cuts, and keeps
   * all they share.
   */
  @Test
  void anyTwoLogsOfOnePartitionAgreeAfterFewCuts() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          var logs = grow(random);
          for (var leader : logs) {
            for (var follower : logs) {
              assertThat(cutUntilAccepted(leader, follower, 0)).isEqualTo(shared(leader, follower));
            }
          }
        });
  }

  /** The same, when the follower has deleted records at the beginning: it keeps what is left. */
  @Test
  void anyTwoLogsAgreeWhereverTheFollowersBegins() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          var logs = grow(random);
          for (var leader : logs) {
            for (var follower : logs) {
              int start = random.nextInt(follower.size() + 1);
              int shared = shared(leader, follower);
              int kept = cutUntilAccepted(leader, follower, start);
              if (shared > start) {
                assertThat(kept).isEqualTo(shared);
              } else {
                assertThat(kept).isIn(0, start); // nothing is left, and it may begin there or anew
              }
            }
          }
        });
  }

  private static int cutUntilAccepted(List<Integer> leader, List<Integer> follower, int start) {
    var kept = follower;
    for (int round = 0; round < 10; round++) {
      switch (answer(leader, kept, start)) {
        case FitsUpTo(long from) -> {
          assertThat(from).isEqualTo(kept.size());
          return kept.size();
        }
        case Parts(var point) -> {
          long end = cut(kept, point, start);
          assertThat(end).isLessThan(kept.size()).isGreaterThanOrEqualTo(start);
          kept = kept.subList(0, (int) end);
        }
        case NothingShared(long logStart) -> {
          return (int) logStart;
        }
      }
    }
    throw new AssertionError("Expected agreement after 10 cuts, but " + kept);
  }

  private static int shared(List<Integer> one, List<Integer> other) {
    int same = 0;
    while (same < Math.min(one.size(), other.size()) && one.get(same).equals(other.get(same))) {
      same++;
    }
    return same;
  }

  /** Three logs; each record is its epoch, since one epoch writes one record at an offset. */
  private static List<List<Integer>> grow(RandomGenerator random) {
    var logs = new ArrayList<List<Integer>>(List.of(List.of(), List.of(), List.of()));
    for (int epoch = 1; epoch <= 6; epoch++) {
      int leader = random.nextInt(3);
      var written = new ArrayList<>(logs.get(leader));
      for (int records = random.nextInt(4); records > 0; records--) {
        written.add(epoch);
      }
      logs.set(leader, written);
      for (int other = 0; other < 3; other++) {
        if (other != leader && random.nextBoolean()) {
          int end = shared(written, logs.get(other));
          logs.set(other, written.subList(0, end + random.nextInt(written.size() - end + 1)));
        }
      }
    }
    return logs;
  }

  private static List<Integer> log(Integer... epochs) {
    return List.of(epochs);
  }

  private static SubscribeAnswer answer(List<Integer> leader, List<Integer> follower) {
    return answer(leader, follower, 0);
  }

  private static SubscribeAnswer answer(List<Integer> leader, List<Integer> follower, int start) {
    return EpochAgreement.answer(history(leader), 0, leader.size(), tail(follower, start));
  }

  private static long cut(List<Integer> follower, EpochEnd point) {
    return cut(follower, point, 0);
  }

  private static long cut(List<Integer> follower, EpochEnd point, int start) {
    var own = history(follower).truncateBelow(start);
    return EpochAgreement.cutTo(own, tail(follower, start), point);
  }

  private static LogTail tail(List<Integer> log, int start) {
    return new LogTail(
        start,
        log.size(),
        log.size(),
        log.isEmpty() ? Optional.empty() : Leading.epoch(log.getLast()),
        OptionalInt.empty());
  }

  private static EpochHistory history(List<Integer> log) {
    var history = EpochHistory.EMPTY;
    for (int offset = 0; offset < log.size(); offset++) {
      history = history.assign(new LeaderEpoch(log.get(offset)), offset);
    }
    return history;
  }
}

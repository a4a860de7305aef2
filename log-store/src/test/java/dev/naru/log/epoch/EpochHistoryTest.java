package dev.naru.log.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.types.LeaderEpoch;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochHistoryTest {

  private static EpochHistory history(long... epochsAndStarts) {
    var history = EpochHistory.EMPTY;
    for (int i = 0; i < epochsAndStarts.length; i += 2) {
      history = history.assign(epoch(epochsAndStarts[i]), epochsAndStarts[i + 1]);
    }
    return history;
  }

  private static LeaderEpoch epoch(long value) {
    return new LeaderEpoch((int) value);
  }

  private static Optional<EpochEnd> end(long epoch, long endOffset) {
    return Optional.of(new EpochEnd(epoch(epoch), endOffset));
  }

  @Test
  void anEpochEndsWhereTheNextBegins() {
    var history = history(2, 0, 5, 100, 6, 130);

    assertThat(history.endOf(epoch(2), 150)).isEqualTo(end(2, 100));
    assertThat(history.endOf(epoch(5), 150)).isEqualTo(end(5, 130));
    assertThat(history.endOf(epoch(6), 150)).isEqualTo(end(6, 150));
  }

  @Test
  void anUnknownEpochIsAnsweredWithTheGreatestBeforeIt() {
    var history = history(2, 0, 5, 100);

    assertThat(history.endOf(epoch(4), 150)).isEqualTo(end(2, 100));
    assertThat(history.endOf(epoch(9), 150)).isEqualTo(end(5, 150));
    assertThat(history.endOf(epoch(1), 150)).isEmpty();
    assertThat(EpochHistory.EMPTY.endOf(epoch(1), 0)).isEmpty();
  }

  /**
   * KIP-279: A led in 1 and 3, B in 2, each with records the other lacks. Asked only for the end of
   * its own last epoch, a replica would keep a tail that the leader never had.
   */
  @Test
  void twoQuickElectionsLeadToWhereTheLogsPart() {
    var leader = history(1, 0, 3, 20); // end 25; never saw epoch 2
    var follower = history(1, 0, 2, 10); // end 30

    EpochEnd shared = leader.endOf(epoch(2), 25).orElseThrow();
    EpochEnd own = follower.endOf(shared.epoch(), 30).orElseThrow();

    assertThat(shared).isEqualTo(new EpochEnd(epoch(1), 20));
    assertThat(own).isEqualTo(new EpochEnd(epoch(1), 10));
    assertThat(Math.min(shared.endOffset(), own.endOffset())).isEqualTo(10);
    assertThat(follower.truncateFrom(10)).isEqualTo(history(1, 0));
  }

  @Test
  void anEpochWithoutRecordsGivesWay() {
    var history = history(1, 0, 2, 10).assign(epoch(4), 10);

    assertThat(history).isEqualTo(history(1, 0, 4, 10));
  }

  @Test
  void anEpochThatHasBegunStaysWhereItBegan() {
    var history = history(1, 0, 2, 10);

    assertThat(history.assign(epoch(2), 40)).isSameAs(history);
  }

  @Test
  void refusesToGoBack() {
    var history = history(1, 0, 5, 10);

    assertThatThrownBy(() -> history.assign(epoch(4), 40)).hasMessageContaining("after");
    assertThatThrownBy(() -> history.assign(epoch(6), 9)).hasMessageContaining("after");
  }

  @Test
  void aCutTakesTheEpochsThatBeginAtOrAboveIt() {
    var history = history(1, 0, 2, 10, 3, 20);

    assertThat(history.truncateFrom(21)).isSameAs(history);
    assertThat(history.truncateFrom(20)).isEqualTo(history(1, 0, 2, 10));
    assertThat(history.truncateFrom(11)).isEqualTo(history(1, 0, 2, 10));
    assertThat(history.truncateFrom(0)).isEqualTo(EpochHistory.EMPTY);
  }

  @Test
  void aLaterStartKeepsTheEpochItLiesIn() {
    var history = history(1, 0, 2, 10, 3, 20);

    assertThat(history.truncateBelow(0)).isEqualTo(history);
    assertThat(history.truncateBelow(5)).isEqualTo(history(1, 5, 2, 10, 3, 20));
    assertThat(history.truncateBelow(10)).isEqualTo(history(2, 10, 3, 20));
    assertThat(history.truncateBelow(25)).isEqualTo(history(3, 25));
  }

  @Test
  void knowsWhichEpochWroteAnOffset() {
    var history = history(1, 5, 2, 10);

    assertThat(history.epochAt(4)).isEmpty();
    assertThat(history.epochAt(9)).contains(epoch(1));
    assertThat(history.epochAt(10)).contains(epoch(2));
    assertThat(history.toText()).isEqualTo("1@5 2@10");
  }
}

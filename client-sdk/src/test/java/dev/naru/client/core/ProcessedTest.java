package dev.naru.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.TopicPartition;
import dev.naru.client.core.Processed.Place;
import dev.naru.types.LeaderEpoch;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessedTest {

  private static final TopicPartition P = new TopicPartition("orders", 0);
  private static final TopicPartition Q = new TopicPartition("orders", 1);

  private final Processed processed = new Processed();

  private static Place at(long offset) {
    return new Place(offset, Optional.of(new LeaderEpoch(3)));
  }

  @Test
  void countsAsProcessedWhatWasHandedOutBeforeThisPoll() {
    processed.begin(P, at(10), true);
    processed.pollBegins();
    processed.handedOut(P, at(20));

    assertThat(processed.toCommit()).isEmpty();
    assertThat(processed.handedOut()).isEqualTo(Map.of(P, at(20)));

    processed.pollBegins();
    processed.handedOut(P, at(30));
    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(20)));
    assertThat(processed.handedOut()).isEqualTo(Map.of(P, at(30)));
  }

  @Test
  void commitsNothingOfWhatFailedInTheApplication() {
    processed.begin(P, at(0), true);
    processed.pollBegins();
    processed.handedOut(P, at(100));
    processed.pollBegins();
    processed.committed(P, at(100));

    processed.handedOut(P, at(200)); // and the application throws while it goes through these

    assertThat(processed.toCommit()).isEmpty();
  }

  @Test
  void hasAPlaceToCommitWhereTheGroupHadNone() {
    processed.begin(P, at(50), false);
    processed.begin(Q, at(60), true);

    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(50)));

    processed.committed(P, at(50));
    assertThat(processed.toCommit()).isEmpty();
  }

  @Test
  void commitsAgainWhatWasReadMeanwhile() {
    processed.begin(P, at(0), true);
    processed.handedOut(P, at(10));
    processed.pollBegins();
    processed.handedOut(P, at(20));
    processed.pollBegins();

    processed.committed(P, at(10)); // the answer of what was committed before

    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(20)));
  }

  @Test
  void takesASeekForADecision() {
    processed.begin(P, at(100), true);
    processed.pollBegins();
    processed.handedOut(P, at(110));

    processed.sought(P, at(5));

    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(5)));
    assertThat(processed.handedOut()).isEqualTo(Map.of(P, at(5)));
  }

  @Test
  void doesNotCountAsProcessedWhatComesBeforeAPlaceThatIsPutBack() {
    processed.begin(P, at(100), true);
    processed.pollBegins();
    processed.handedOut(P, at(110));

    processed.putBack(P, at(105));

    assertThat(processed.toCommit()).isEmpty();
    assertThat(processed.handedOut()).isEqualTo(Map.of(P, at(105)));
    processed.pollBegins();
    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(105)));
    processed.putBack(P, at(102)); // of which it has said that it is done
    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(102)));
    assertThat(processed.handedOut()).isEqualTo(Map.of(P, at(102)));
  }

  @Test
  void keepsTheEpochOfThePlaceWhereEverythingIsPutBack() {
    processed.begin(P, at(100), true);
    processed.pollBegins();
    processed.handedOut(P, at(110));

    processed.putBack(P, new Place(100, Optional.empty()));
    processed.pollBegins();

    assertThat(processed.toCommit()).isEmpty();
    assertThat(processed.handedOut()).isEqualTo(Map.of(P, at(100)));
  }

  @Test
  void believesAnApplicationThatSaysItIsDone() {
    processed.begin(P, at(0), true);
    processed.handedOut(P, at(10));

    processed.declared(P, at(7));
    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(7)));
    processed.declared(P, at(3));
    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(7)));
    processed.declared(P, at(11)); // it was not given that
    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(7)));
    processed.pollBegins();

    assertThat(processed.toCommit()).isEqualTo(Map.of(P, at(10)));
  }

  @Test
  void knowsNothingOfWhatIsReadNoMore() {
    processed.begin(P, at(0), false);
    processed.drop(P);

    processed.handedOut(P, at(10));
    processed.sought(P, at(10));
    processed.putBack(P, at(10));
    processed.committed(P, at(10));
    processed.pollBegins();

    assertThat(processed.toCommit()).isEmpty();
    assertThat(processed.handedOut()).isEmpty();
  }

  @Test
  void beginsAnewWhenItIsReadAgain() {
    processed.begin(P, at(0), true);
    processed.handedOut(P, at(10));
    processed.drop(P);

    processed.begin(P, at(7), true);
    processed.pollBegins();

    assertThat(processed.toCommit()).isEmpty();
    assertThat(processed.handedOut()).isEqualTo(Map.of(P, at(7)));
  }

  @Test
  void knowsTheEpochOfThePlace() {
    processed.begin(P, new Place(10, Optional.empty()), true);
    processed.pollBegins();

    assertThat(processed.toCommit()).isEmpty();
    processed.handedOut(P, new Place(10, Optional.of(new LeaderEpoch(4))));
    processed.pollBegins();
    assertThat(processed.toCommit())
        .isEqualTo(Map.of(P, new Place(10, Optional.of(new LeaderEpoch(4)))));
  }
}

package dev.naru.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.LagAnswer.Found;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LagAnswerTest {

  private static final long NOW = 1_000_000;

  /** From 100 to 250; the oldest record behind the position is four seconds old. */
  private final Found found = new Found(250, 100, OptionalLong.empty(), OptionalLong.of(996_000));

  @Test
  void countsWhatIsKeptAndNotProcessed() {
    assertThat(found.records(200)).isEqualTo(50);
    assertThat(found.records(100)).isEqualTo(150);
    assertThat(found.records(250)).isZero();
  }

  @Test
  void countsNothingThatWasDeletedAndSaysThatItWas() {
    assertThat(found.records(40)).isEqualTo(150);
    assertThat(found.isPassedByRetention(40)).isTrue();
    assertThat(found.isPassedByRetention(100)).isFalse();
  }

  /** After a declared loss: what was committed is no more, and no lag is below zero. */
  @Test
  void isNotBehindAboveTheEnd() {
    assertThat(found.records(300)).isZero();
    assertThat(found.seconds(300, NOW, 0)).hasValue(0);
  }

  @Test
  void countsFromWhereHistoriesPartIfThatIsKnown() {
    var parted = new Found(250, 100, OptionalLong.of(180), OptionalLong.empty());

    assertThat(parted.records(300)).isEqualTo(70);
    assertThat(parted.records(180)).isEqualTo(70);
    assertThat(parted.records(110)).as("below it").isEqualTo(140);
  }

  @Test
  void isAsOldAsTheOldestRecordBehind() {
    assertThat(found.seconds(200, NOW, 0)).hasValue(4);
    assertThat(found.seconds(250, NOW, 0)).as("nothing is behind").hasValue(0);
    assertThat(new Found(250, 100, OptionalLong.empty(), OptionalLong.empty()).seconds(200, NOW, 0))
        .as("not read")
        .isEmpty();
  }

  /** Producers stamp records, and some clocks are wrong. */
  @Test
  void isNeverOlderThanTheTopicNorYoungerThanNow() {
    var early = new Found(250, 100, OptionalLong.empty(), OptionalLong.of(-1));
    var late = new Found(250, 100, OptionalLong.empty(), OptionalLong.of(NOW + 5_000));

    assertThat(early.seconds(200, NOW, NOW - 60_000)).hasValue(60);
    assertThat(late.seconds(200, NOW, NOW - 60_000)).hasValue(0);
    assertThat(early.seconds(200, NOW, NOW + 1)).as("a topic of tomorrow").hasValue(0);
  }
}

package dev.naru.broker.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.naru.broker.flow.TrafficTable.Sample;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrafficTableTest {

  private static final Offset<Double> NEARLY = within(0.001);
  private static final PartitionId A = new PartitionId(TopicId.of(1, 1), 0);
  private static final PartitionId B = new PartitionId(TopicId.of(1, 1), 1);

  private final TrafficTable table = new TrafficTable();
  private long nowNanos = -50; // a monotonic clock may be anywhere
  private long bytes;
  private long records;

  @Test
  void knowsNothingAtFirst() {
    assertThat(look()).isEqualTo(new PartitionLoad(A, Rate.ZERO, Rate.ZERO, Rate.ZERO));
  }

  @Test
  void takesWhatThereIsWhileItIsYoung() {
    look();
    pass(5, 1_000, 10);

    var load = look();

    assertThat(load.minute()).isEqualTo(new Rate(200, 2));
    assertThat(load.recent()).isEqualTo(load.minute());
    assertThat(load.fiveMinutes()).isEqualTo(load.minute());
  }

  @Test
  void looksBackAsFarAsEachRateSays() {
    steadily(300, 100);
    steadily(30, 1_000);

    var load = look();

    assertThat(load.recent().bytes()).isCloseTo(1_000, NEARLY);
    assertThat(load.minute().bytes()).isCloseTo(550, NEARLY);
    assertThat(load.fiveMinutes().bytes()).isCloseTo(190, NEARLY);
  }

  @Test
  void remembersNothingOfWhatWasAMinuteAgo() {
    steadily(120, 50_000);
    steadily(60, 100);

    assertThat(look().recent().bytes()).isCloseTo(100, NEARLY);
    assertThat(look().minute().bytes()).isCloseTo(100, NEARLY);
  }

  /** The chores of a busy node are late at times. */
  @Test
  void countsByTheTimeThatHasPassed() {
    look();
    pass(5, 500, 5);
    look();
    pass(20, 2_000, 20);
    assertThat(look().minute().bytes()).isCloseTo(100, NEARLY);
    pass(200, 200_000, 200);

    assertThat(look().recent().bytes()).as("since the last look").isCloseTo(1_000, NEARLY);
  }

  /** What came in meanwhile came to another node, and the counter stood still. */
  @Test
  void beginsAnewWhenAPartitionIsLedAgain() {
    steadily(60, 1_000);
    nowNanos += Duration.ofSeconds(5).toNanos();
    assertThat(table.look(nowNanos, List.of())).isEmpty();
    nowNanos += Duration.ofSeconds(5).toNanos();

    assertThat(look().minute()).isEqualTo(Rate.ZERO);
    pass(5, 10, 1);
    assertThat(look().minute()).isEqualTo(new Rate(2, 0.2));
  }

  @Test
  void beginsAnewWithAnotherCounter() {
    steadily(60, 1_000);
    bytes = 0;
    records = 0;
    pass(5, 100, 1);

    assertThat(look().minute()).isEqualTo(Rate.ZERO);
    pass(5, 100, 1);
    assertThat(look().minute()).isEqualTo(new Rate(20, 0.2));
  }

  @Test
  void namesTheBusiestFirst() {
    table.look(0, List.of(new Sample(A, 0, 0), new Sample(B, 0, 0)));
    var loads = table.look(1_000_000_000, List.of(new Sample(A, 10, 1), new Sample(B, 20, 1)));

    assertThat(loads).extracting(PartitionLoad::id).containsExactly(B, A);
  }

  private void steadily(int seconds, int bytesPerSecond) {
    Stream.iterate(0, i -> i + 5)
        .limit(seconds / 5)
        .forEach(i -> {
          look();
          pass(5, 5L * bytesPerSecond, 5);
        });
  }

  private void pass(int seconds, long moreBytes, long moreRecords) {
    nowNanos += Duration.ofSeconds(seconds).toNanos();
    bytes += moreBytes;
    records += moreRecords;
  }

  private PartitionLoad look() {
    return table.look(nowNanos, List.of(new Sample(A, bytes, records))).getFirst();
  }
}

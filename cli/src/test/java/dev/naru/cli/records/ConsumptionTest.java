package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.client.DataLossException;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConsumptionTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);

  private final FakeConsumer consumer = new FakeConsumer();
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private Consumption.Afterwards afterwards = Consumption.Afterwards.NOTHING;

  @Test
  void printsUntilTheStopPosition() {
    consumer.returns("a", "b");
    consumer.returns("c");
    consumer.thenIsAtStop();

    consumption(OptionalLong.empty(), Optional.empty(), false).run();

    assertThat(stdout.toString(UTF_8)).isEqualTo("a\nb\nc\n");
  }

  @Test
  void stopsAfterSoManyRecordsInAll() {
    consumer.returns("a", "b");
    consumer.returns("c", "d");

    consumption(OptionalLong.of(3), Optional.empty(), false).run();

    assertThat(stdout.toString(UTF_8)).isEqualTo("a\nb\nc\n");
  }

  @Test
  void commitsWhatIsPrintedAndNothingElse() {
    afterwards = Consumption.Afterwards.COMMITTED;
    consumer.returns("a", "b");
    consumer.returns("c", "d");

    consumption(OptionalLong.of(3), Optional.empty(), false).run();

    assertThat(stdout.toString(UTF_8)).isEqualTo("a\nb\nc\n");
    assertThat(consumer.done()).containsExactly("commit", "put back orders/3@3", "commit");
  }

  /** They are printed again by whoever has the partitions now, and this member goes on. */
  @Test
  void saysThatPartitionsWereTakenAwayBeforeTheCommit() {
    afterwards = Consumption.Afterwards.COMMITTED;
    consumer.returns("a");
    consumer.returns("b");
    consumer.thenIsAtStop();
    consumer.refusesNextCommit(new NaruException(ErrorCode.FENCED_MEMBER, "Expected a member"));

    consumption(OptionalLong.empty(), Optional.empty(), false).run();

    assertThat(stdout.toString(UTF_8)).isEqualTo("a\nb\n");
    assertThat(stderr.toString(UTF_8)).contains("warning: FENCED_MEMBER");
    assertThat(consumer.done()).containsExactly("commit");
  }

  @Test
  void failsWhenNoRecordComesForTooLong() {
    consumer.returns("a");

    var consumption = consumption(OptionalLong.empty(), Optional.of(Duration.ofSeconds(10)), false);

    assertThatThrownBy(consumption::run)
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(124))
        .hasMessageContaining("10000 ms");
    assertThat(consumer.nowNanos()).isEqualTo(Duration.ofSeconds(10).toNanos());
    assertThat(stdout.toString(UTF_8)).isEqualTo("a\n");
  }

  @Test
  void goesOnAfterADeclaredLossAndFailsAtTheEnd() {
    consumer.returns("a");
    consumer.fails(new DataLossException(PARTITION, 9, 5));
    consumer.returns("b");
    consumer.thenIsAtStop();

    var consumption = consumption(OptionalLong.empty(), Optional.empty(), false);

    assertThatThrownBy(consumption::run)
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(1));
    assertThat(stdout.toString(UTF_8)).isEqualTo("a\nb\n");
    assertThat(stderr.toString(UTF_8)).contains("warning: DATA_LOST: orders/3", "offset 5");
    assertThat(consumer.sought()).containsExactly(5L);
  }

  @Test
  void takesADeclaredLossForSuccessWhenToldTo() {
    consumer.fails(new DataLossException(PARTITION, 9, 5));
    consumer.thenIsAtStop();

    consumption(OptionalLong.empty(), Optional.empty(), true).run();

    assertThat(consumer.sought()).containsExactly(5L);
  }

  @Test
  void refusesAnOffsetAboveTheEndAndMovesOneBelowTheStart() {
    consumer.holds(10, 20);
    var positions =
        new StartPositions(
            consumer, List.of(PARTITION), new Notes(new PrintStream(stderr, true, UTF_8)));

    positions.seek(new ReadFrom.Offset(3));
    positions.seek(new ReadFrom.Offset(20));
    positions.seek(new ReadFrom.BeforeEnd(4));
    positions.seek(new ReadFrom.BeforeEnd(400));

    assertThat(consumer.sought()).containsExactly(10L, 20L, 16L, 10L);
    assertThat(stderr.toString(UTF_8)).isEqualTo("orders/3 begins at offset 10\n");
    assertThatThrownBy(() -> positions.seek(new ReadFrom.Offset(21)))
        .isInstanceOfSatisfying(
            CommandFailure.class, failure -> assertThat(failure.exitStatus()).isEqualTo(4));
  }

  private Consumption consumption(
      OptionalLong count, Optional<Duration> silence, boolean isLossAllowed) {
    return new Consumption(
        consumer,
        RecordFormat.compile("%v\\n", Optional.empty()),
        new Stdout(stdout),
        new Notes(new PrintStream(stderr, true, UTF_8)),
        new Consumption.Limits(count, silence, isLossAllowed),
        afterwards,
        consumer::nowNanos,
        consumer::isAtStop);
  }
}

package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A group reads three partitions of four records each; this member is granted some of them. */
class GroupEndTest {

  private static final TopicPartition P0 = new TopicPartition("orders", 0);
  private static final TopicPartition P1 = new TopicPartition("orders", 1);
  private static final TopicPartition P2 = new TopicPartition("orders", 2);
  private static final List<TopicPartition> ALL = List.of(P0, P1, P2);

  private final TreeSet<TopicPartition> granted = new TreeSet<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final Map<TopicPartition, Long> ends = new TreeMap<>(Map.of(P0, 4L, P1, 4L, P2, 4L));
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private boolean hasReadAllGranted;
  private long begin;
  private long nowNanos;
  private int pauses;
  private int questions;

  /** Its session still runs, and its partition is given to this member only when that is over. */
  @Test
  void waitsForAPartitionThatIsKeptForAMemberThatDied() {
    var end = end(new ReadFrom.Beginning());
    granted.addAll(List.of(P1, P2));
    hasReadAllGranted = true;
    commit(P0, 1);

    assertThat(end.isReached()).isFalse();
    assertThat(pauses).isEqualTo(1);
    assertThat(said()).contains("orders/0 up to offset 4").doesNotContain("orders/1");

    granted.add(P0);
    hasReadAllGranted = false;
    pass(Duration.ofSeconds(2));
    assertThat(end.isReached()).isFalse();
    hasReadAllGranted = true;
    assertThat(end.isReached()).isTrue();
  }

  @Test
  void endsWithoutAnyPartitionWhenOthersHaveReadThem() {
    var end = end(new ReadFrom.Beginning());
    ALL.forEach(each -> commit(each, 3));
    assertThat(end.isReached()).isFalse();

    ALL.forEach(each -> commit(each, 4));
    pass(Duration.ofSeconds(2));

    assertThat(end.isReached()).isTrue();
    assertThat(pauses).as("a poll waits then").isZero();
  }

  @Test
  void whatComesAfterItBeganNeedNotBeRead() {
    var end = end(new ReadFrom.Beginning());
    ends.replaceAll((_, _) -> 9L);

    assertThat(end.stopIn(P0)).isEqualTo(Position.offset(4));
    ALL.forEach(each -> commit(each, 4));
    assertThat(end.isReached()).isTrue();
  }

  @Test
  void whereNothingIsCommittedItBeginsWhereItWasTold() {
    assertThat(end(new ReadFrom.End()).isReached()).as("from the end there is nothing").isTrue();
    assertThat(end(new ReadFrom.Beginning()).isReached()).isFalse();
    begin = 4;
    assertThat(end(new ReadFrom.Beginning()).isReached()).as("nothing is kept").isTrue();
  }

  @Test
  void asksOnceASecondAtMostAndSaysOnceWhatItWaitsFor() {
    var end = end(new ReadFrom.Beginning());
    granted.add(P0);
    hasReadAllGranted = true;

    for (int i = 0; i < 20; i++) {
      assertThat(end.isReached()).isFalse();
      pass(Duration.ofMillis(100));
    }

    assertThat(questions).isEqualTo(2);
    assertThat(said().lines()).hasSize(1);
  }

  @Test
  void aTimeToComeIsNoPlaceInThePartitionsOfOthers() {
    var now = Instant.parse("2026-01-01T00:00:00Z");

    assertThatThrownBy(() -> GroupEnd.requireSettled(Position.time(now.plusSeconds(1)), now))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("a time that has passed");
    assertThatCode(() -> GroupEnd.requireSettled(Position.time(now), now))
        .doesNotThrowAnyException();
  }

  private GroupEnd end(ReadFrom start) {
    return new GroupEnd(
        consumer(),
        ALL,
        start,
        Position.end(),
        new Notes(new PrintStream(said, true, UTF_8)),
        () -> nowNanos,
        () -> pauses++);
  }

  private void commit(TopicPartition partition, long offset) {
    committed.put(partition, new OffsetAndMetadata(offset));
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  private String said() {
    return said.toString(UTF_8);
  }

  @SuppressWarnings("unchecked")
  private Consumer<byte[], byte[]> consumer() {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "beginningOffsets" ->
                      ((Collection<TopicPartition>) arguments[0])
                          .stream().collect(Collectors.toMap(Function.identity(), _ -> begin));
                  case "endOffsets" -> Map.copyOf(ends);
                  case "committed" -> {
                    questions++;
                    yield Map.copyOf(committed);
                  }
                  case "assignment" -> granted;
                  case "isAtStop" -> !granted.isEmpty() && hasReadAllGranted;
                  default -> throw new AssertionError(method.getName());
                });
  }
}

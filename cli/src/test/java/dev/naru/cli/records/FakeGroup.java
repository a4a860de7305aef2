package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.cli.output.Notes;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.types.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Partitions of four records each, what a group has committed of them, and a clock. */
final class FakeGroup {

  static final TopicPartition P0 = new TopicPartition("orders", 0);
  static final TopicPartition P1 = new TopicPartition("orders", 1);
  static final TopicPartition P2 = new TopicPartition("orders", 2);
  static final List<TopicPartition> ALL = List.of(P0, P1, P2);

  final Map<TopicPartition, Long> begins = new TreeMap<>(Map.of(P0, 0L, P1, 0L, P2, 0L));
  final Map<TopicPartition, Long> ends = new TreeMap<>(Map.of(P0, 4L, P1, 4L, P2, 4L));
  final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  final TreeSet<TopicPartition> leaderless = new TreeSet<>();
  private long nowNanos;

  void commit(TopicPartition partition, long offset) {
    committed.put(partition, new OffsetAndMetadata(offset));
  }

  void pass(Duration time) {
    nowNanos += time.toNanos();
  }

  Member member(ReadFrom start, Position place) {
    return new Member(start, place);
  }

  private Map<TopicPartition, Long> of(Map<TopicPartition, Long> offsets, Object partitions) {
    @SuppressWarnings("unchecked")
    var asked = (Collection<TopicPartition>) partitions;
    if (asked.stream().anyMatch(leaderless::contains)) {
      throw new NaruException(ErrorCode.LEADER_NOT_AVAILABLE, "Expected a leader, but none is");
    }
    return asked.stream()
        .collect(
            Collectors.toMap(
                Function.identity(), each -> Optional.ofNullable(offsets.get(each)).orElseThrow()));
  }

  /** One of the group, as the command has it. */
  final class Member {

    final GroupEnd end;
    final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Map<TopicPartition, Long> positions = new TreeMap<>();
    private final Map<TopicPartition, Long> stops = new TreeMap<>();
    private boolean isFenced;
    private int pauses;
    private int questions;

    private Member(ReadFrom start, Position place) {
      end =
          new GroupEnd(
              consumer(),
              ALL,
              start,
              place,
              new Notes(new PrintStream(said, true, UTF_8)),
              () -> nowNanos,
              () -> pauses++);
    }

    void isGranted(TopicPartition... partitions) {
      for (var each : partitions) {
        positions.put(each, committed.getOrDefault(each, new OffsetAndMetadata(0)).offset());
        readUntil(each, end.stopIn(each));
      }
    }

    /** Polls until nothing comes, and commits what it prints. */
    void reads() {
      passes();
      positions.forEach(FakeGroup.this::commit);
    }

    /** The same of what holds no records: nothing is printed. */
    void passes() {
      positions.replaceAll((partition, at) ->
          Math.max(
              at,
              Math.min(
                  ends.getOrDefault(partition, 0L),
                  stops.getOrDefault(partition, Long.MAX_VALUE))));
    }

    boolean isReached() {
      return end.isReached();
    }

    void isFencedOnce() {
      isFenced = true;
    }

    String said() {
      return said.toString(UTF_8);
    }

    int pauses() {
      return pauses;
    }

    int questions() {
      return questions;
    }

    private void readUntil(TopicPartition partition, Position stop) {
      stops.put(partition, ((Position.Offset) stop).offset());
    }

    private boolean isAtStop() {
      return !positions.isEmpty()
          && positions.entrySet().stream()
              .allMatch(
                  each -> each.getValue() >= stops.getOrDefault(each.getKey(), Long.MAX_VALUE));
    }

    private void commit() {
      if (isFenced) {
        isFenced = false;
        throw new NaruException(ErrorCode.FENCED_MEMBER, "Expected a member");
      }
      positions.forEach(FakeGroup.this::commit);
    }

    @SuppressWarnings("unchecked")
    private Consumer<byte[], byte[]> consumer() {
      return (Consumer<byte[], byte[]>)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Consumer.class},
              (proxy, method, arguments) -> answer(method.getName(), arguments));
    }

    private Object answer(String asked, Object[] arguments) {
      return switch (asked) {
        case "beginningOffsets" -> of(begins, arguments[0]);
        case "endOffsets" -> of(ends, arguments[0]);
        case "committed" -> {
          questions++;
          yield Map.copyOf(committed);
        }
        case "assignment" -> new TreeSet<>(positions.keySet());
        case "isAtStop" -> isAtStop();
        case "readUntil" -> {
          readUntil((TopicPartition) arguments[0], (Position) arguments[1]);
          yield Optional.empty();
        }
        case "commit" -> {
          commit();
          yield Optional.empty();
        }
        default -> throw new AssertionError(asked);
      };
    }
  }
}

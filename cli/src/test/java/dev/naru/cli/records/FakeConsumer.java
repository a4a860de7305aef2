package dev.naru.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.consumer.OffsetAndTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Returns what it was given, and then waits in vain on a clock of its own. */
final class FakeConsumer extends GrouplessConsumer {

  private final Deque<Supplier<List<ConsumerRecord<byte[], byte[]>>>> answers = new ArrayDeque<>();
  private final List<Long> sought = new ArrayList<>();
  private boolean isStopping;
  private final List<String> done = new ArrayList<>();
  private Optional<RuntimeException> commitRefusal = Optional.empty();
  private long next;
  private long nowNanos;
  private long start;
  private long end;

  void returns(String... values) {
    var records =
        Arrays.stream(values)
            .map(value -> Records.read(next++, null, value.getBytes(UTF_8), List.of()))
            .toList();
    answers.add(() -> records);
  }

  void fails(RuntimeException failure) {
    answers.add(() -> {
      throw failure;
    });
  }

  void thenIsAtStop() {
    isStopping = true;
  }

  void holds(long first, long next) {
    start = first;
    end = next;
  }

  void refusesNextCommit(RuntimeException refusal) {
    commitRefusal = Optional.of(refusal);
  }

  /** What was committed and put back. */
  List<String> done() {
    return done;
  }

  List<Long> sought() {
    return sought;
  }

  long nowNanos() {
    return nowNanos;
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration limit) {
    if (answers.isEmpty()) {
      nowNanos += limit.toNanos();
      return List.of();
    }
    return answers.remove().get();
  }

  @Override
  public boolean isAtStop() {
    return isStopping && answers.isEmpty();
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    sought.add(offset);
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return partitions.stream().collect(Collectors.toMap(Function.identity(), any -> start));
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return partitions.stream().collect(Collectors.toMap(Function.identity(), any -> end));
  }

  @Override
  public void putBack(TopicPartition partition, OffsetAndMetadata from) {
    done.add("put back " + partition + "@" + from.offset());
  }

  @Override
  public void commit() {
    var refusal = commitRefusal;
    commitRefusal = Optional.empty();
    refusal.ifPresent(fault -> {
      throw fault;
    });
    done.add("commit");
  }

  @Override
  public void wakeup() {}

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    throw unused();
  }

  @Override
  public Set<TopicPartition> assignment() {
    throw unused();
  }

  @Override
  public List<TopicPartition> partitionsOf(String topic) {
    throw unused();
  }

  @Override
  public void seekToBeginning(TopicPartition... partitions) {
    throw unused();
  }

  @Override
  public void seekToEnd(TopicPartition... partitions) {
    throw unused();
  }

  @Override
  public void seekToTime(TopicPartition partition, Instant time) {
    throw unused();
  }

  @Override
  public long position(TopicPartition partition) {
    throw unused();
  }

  @Override
  public Map<TopicPartition, OffsetAndTime> offsetsForTimes(Map<TopicPartition, Instant> times) {
    throw unused();
  }

  @Override
  public OptionalLong lag(TopicPartition partition) {
    throw unused();
  }

  @Override
  public void pause(TopicPartition... partitions) {
    throw unused();
  }

  @Override
  public void resume(TopicPartition... partitions) {
    throw unused();
  }

  @Override
  public Set<TopicPartition> paused() {
    throw unused();
  }

  @Override
  public void readUntil(TopicPartition partition, Position stop) {
    throw unused();
  }

  private static UnsupportedOperationException unused() {
    return new UnsupportedOperationException("Expected only what the tests use");
  }
}

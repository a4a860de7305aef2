package dev.naru.cli.salvage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.naru.cli.records.GrouplessConsumer;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.record.RecordHeader;
import dev.naru.record.TimestampType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one partition that is in memory, two records a poll. */
final class LoadedConsumer extends GrouplessConsumer {

  private final TopicPartition partition = new TopicPartition("orders", 0);
  private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
  private long start;
  private long end;
  private long position;
  private long stop = Long.MAX_VALUE;
  private boolean hesitates;
  private boolean hasPaused;

  /** Holds one more record. */
  LoadedConsumer with(
      long offset,
      int epoch,
      @Nullable String key,
      @Nullable String value,
      RecordHeader... headers) {
    log.add(
        new ConsumerRecord<>(
            "orders",
            0,
            offset,
            epoch,
            Tails.TIME + offset,
            TimestampType.CREATE_TIME,
            key == null ? null : key.getBytes(UTF_8),
            value == null ? null : value.getBytes(UTF_8),
            List.of(headers)));
    end = Math.max(end, offset + 1);
    return this;
  }

  /** Keeps nothing below this offset, and ends at that one. */
  LoadedConsumer between(long first, long next) {
    start = first;
    end = next;
    return this;
  }

  /** Answers every other poll with nothing, as if records were still on their way. */
  LoadedConsumer hesitating() {
    hesitates = true;
    return this;
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {}

  @Override
  public Set<TopicPartition> assignment() {
    return Set.of(partition);
  }

  @Override
  public List<TopicPartition> partitionsOf(String topic) {
    return List.of(partition);
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration limit) {
    hasPaused = hesitates && !hasPaused;
    if (hasPaused) {
      return List.of();
    }
    var records =
        log.stream()
            .filter(each -> each.offset() >= position && each.offset() < stop)
            .limit(2)
            .toList();
    position = records.isEmpty() ? stop : records.getLast().offset() + 1;
    return records;
  }

  @Override
  public void seek(TopicPartition sought, long offset) {
    position = offset;
  }

  @Override
  public void seekToBeginning(TopicPartition... partitions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekToEnd(TopicPartition... partitions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekToTime(TopicPartition sought, Instant time) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position(TopicPartition asked) {
    return position;
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return Map.of(partition, start);
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return Map.of(partition, end);
  }

  @Override
  public Map<TopicPartition, OffsetAndTime> offsetsForTimes(Map<TopicPartition, Instant> times) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalLong lag(TopicPartition asked) {
    return OptionalLong.empty();
  }

  @Override
  public void pause(TopicPartition... partitions) {}

  @Override
  public void resume(TopicPartition... partitions) {}

  @Override
  public Set<TopicPartition> paused() {
    return Set.of();
  }

  @Override
  public void readUntil(TopicPartition asked, Position at) {
    stop = ((Position.Offset) at).offset();
  }

  @Override
  public boolean isAtStop() {
    return position >= stop;
  }

  @Override
  public void wakeup() {}
}

package dev.naru.cli.salvage;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.record.Record;
import dev.naru.types.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a partition holds now, to be compared with what was cut off it. A record is known by its
 * offset and the epoch of the leader that gave it: in one log no two have both in common. Reads the
 * committed records only, in ascending order, as far as they are asked for. Owned by one thread.
 */
public final class LiveLog {

  private static final Duration POLL = Duration.ofMillis(500);

  /** Whether the log has a record. */
  public enum Verdict {
    /** It has it, with the same bytes. */
    HELD,
    /** It has another one there, or none yet. */
    ABSENT,
    /** Its leader may have it, and has not committed what it has there. */
    PENDING,
    /** It no longer keeps what it had there, so nobody can say. */
    UNDECIDED
  }

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final int leaderEpoch;
  private final Duration silenceMax;
  private final LongSupplier nanoTime;
  private final long start;
  private final long end;
  private final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();
  private Optional<ConsumerRecord<byte[], byte[]>> before = Optional.empty();
  private long askedLast = Long.MAX_VALUE; // the first question seeks

  /**
   * Looks at the partition as it is now.
   *
   * @param consumer belongs to this from now on, but is closed by whoever made it
   * @param leaderEpoch one that the partition was known to have reached before this call
   * @param silenceMax how long a record may take to come
   */
  public LiveLog(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      int leaderEpoch,
      Duration silenceMax,
      LongSupplier nanoTime) {
    this.consumer = consumer;
    this.partition = partition;
    this.leaderEpoch = leaderEpoch;
    this.silenceMax = silenceMax;
    this.nanoTime = nanoTime;
    consumer.assign(partition);
    this.start = offsetIn(consumer.beginningOffsets(List.of(partition)));
    this.end = offsetIn(consumer.endOffsets(List.of(partition)));
    if (end > start) {
      consumer.seek(partition, start);
      consumer.readUntil(partition, Position.offset(end));
    }
  }

  private long offsetIn(Map<TopicPartition, Long> offsets) {
    return Objects.requireNonNull(offsets.get(partition));
  }

  /** Whether it has this record of that epoch. Cheap if offsets ascend. */
  public Verdict find(Record record, int epoch) {
    long offset = record.offset();
    if (offset >= end) {
      // A leader tells where its log ends for readers only once all of earlier epochs is committed.
      // Above that it has at most records of its own epoch, which others may have torn off.
      return epoch < leaderEpoch ? Verdict.ABSENT : Verdict.PENDING;
    }
    if (offset < start) {
      return Verdict.UNDECIDED;
    }
    if (offset < askedLast) {
      consumer.seek(partition, offset);
      read.clear();
      before = Optional.empty();
    }
    askedLast = offset;
    var next = advanceTo(offset);
    if (next.isPresent() && next.get().offset() == offset) {
      return next.get().leaderEpoch() == epoch && isSame(next.get(), record)
          ? Verdict.HELD
          : Verdict.ABSENT;
    }
    // Compaction has left a gap. Epochs only rise along a log, so sometimes its edges tell.
    boolean isOlder = next.isPresent() && next.get().leaderEpoch() < epoch;
    boolean isNewer = before.isPresent() && before.get().leaderEpoch() > epoch;
    return isOlder || isNewer ? Verdict.ABSENT : Verdict.UNDECIDED;
  }

  /** The first record at this offset or above, if there is one below the end. */
  private Optional<ConsumerRecord<byte[], byte[]>> advanceTo(long offset) {
    while (true) {
      var next = peek();
      if (next.isEmpty() || next.get().offset() >= offset) {
        return next;
      }
      before = next;
      read.remove();
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> peek() {
    long since = nanoTime.getAsLong();
    while (read.isEmpty() && !consumer.isAtStop()) {
      read.addAll(consumer.poll(POLL));
      if (read.isEmpty()
          && !consumer.isAtStop()
          && nanoTime.getAsLong() - since > silenceMax.toNanos()) {
        throw new NaruTimeoutException(
            ErrorCode.REQUEST_TIMEOUT,
            "Expected to read %s up to offset %d, but nothing came for %d ms"
                .formatted(partition, end, silenceMax.toMillis()));
      }
    }
    return Optional.ofNullable(read.peek());
  }

  private static boolean isSame(ConsumerRecord<byte[], byte[]> live, Record record) {
    return live.timestampMillis() == record.timestamp()
        && isSame(live.key(), record.key())
        && isSame(live.value(), record.value())
        && live.headers().equals(record.headers());
  }

  private static boolean isSame(byte @Nullable [] live, Optional<ByteBuffer> bytes) {
    return Arrays.equals(live, bytes.map(LiveLog::copy).orElse(null));
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }
}

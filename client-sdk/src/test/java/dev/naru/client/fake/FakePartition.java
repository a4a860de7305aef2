package dev.naru.client.fake;

import dev.naru.record.BatchBytes;
import dev.naru.record.BatchCheck;
import dev.naru.record.InflationLimit;
import dev.naru.record.RecordReader;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A partition: who leads it, and its batches. All nodes share the one copy. */
public final class FakePartition {

  private final List<BatchBytes> batches = new ArrayList<>();
  private final FakeLedger ledger = new FakeLedger();
  private int duplicates;
  private OptionalInt leader;
  private int leaderEpoch = 1;
  private long start;
  private long end;
  private OptionalInt lossFromEpoch = OptionalInt.empty();
  private OptionalLong lossEnd = OptionalLong.empty();
  private boolean keepsRecords = true;

  FakePartition(int leader) {
    this.leader = OptionalInt.of(leader);
  }

  /** What a leader makes of a batch: where it is, or why it is nowhere. */
  record Appended(long base, Optional<ErrorCode> refusal) {}

  /** Stores the batch as a leader does, unless it is there already or refused. */
  synchronized Appended append(BatchBytes batch) {
    var refused =
        BatchCheck.frame(batch, Integer.MAX_VALUE)
            .or(() -> BatchCheck.checksum(batch))
            .or(() -> BatchCheck.clientBatch(batch));
    if (refused.isPresent()) {
      throw new AssertionError("Expected a sound batch, but " + refused.get());
    }
    var verdict = ledger.judge(batch.header());
    if (verdict.refusal().isPresent()) {
      return new Appended(-1, verdict.refusal());
    }
    if (verdict.firstOffset().isPresent()) {
      duplicates++;
      return new Appended(verdict.firstOffset().get(), Optional.empty());
    }
    ledger.note(batch.header(), end);
    return new Appended(store(batch), Optional.empty());
  }

  /** As after a long silence of all producers. */
  public synchronized void forgetProducers() {
    ledger.forget();
  }

  /** As if somebody else had used their ids. */
  public synchronized void fenceProducers() {
    ledger.fence();
  }

  /** How many producers it knows. */
  public synchronized int producers() {
    return ledger.producers();
  }

  /** How many batches came again. */
  public synchronized int duplicates() {
    return duplicates;
  }

  /** Stores whatever it is. */
  public synchronized long store(BatchBytes batch) {
    long base = end;
    batch.stamp(base, new LeaderEpoch(leaderEpoch));
    end = batch.header().nextOffset();
    if (keepsRecords) {
      batches.add(batch);
    }
    return base;
  }

  /** Counts what is appended and keeps nothing of it. */
  public synchronized void keepNothing() {
    keepsRecords = false;
  }

  /** The values of all records in order, duplicates too. */
  public synchronized List<String> values() {
    var values = new ArrayList<String>();
    for (var batch : batches) {
      RecordReader.open(batch, InflationLimit.DEFAULT)
          .forEachRemaining(record -> values.add(text(record.value().orElseThrow())));
    }
    return values;
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  /** How many records each batch has. */
  public synchronized List<Integer> batchSizes() {
    return batches.stream().map(batch -> batch.header().recordCount()).toList();
  }

  public synchronized List<BatchBytes> batches() {
    return List.copyOf(batches);
  }

  /** The batches that hold what is asked for, as many as fit and at least one. */
  synchronized BatchBytes read(long offset, int bytesMax) {
    var found = new ArrayList<BatchBytes>();
    int size = 0;
    for (var batch : batches) {
      boolean isWanted = batch.header().lastOffset() >= offset;
      if (isWanted && (found.isEmpty() || size + batch.size() <= bytesMax)) {
        found.add(batch);
        size += batch.size();
      } else if (isWanted) {
        break;
      }
    }
    var joined = ByteBuffer.allocate(size);
    found.forEach(batch -> joined.put(batch.asByteBuffer()));
    return BatchBytes.of(joined.flip());
  }

  synchronized OptionalLong firstAtOrAfter(long timestampMillis) {
    for (var batch : batches) {
      var reader = RecordReader.open(batch, InflationLimit.DEFAULT);
      while (reader.hasNext()) {
        var record = reader.next();
        if (record.timestamp() >= timestampMillis) {
          return OptionalLong.of(record.offset());
        }
      }
    }
    return OptionalLong.empty();
  }

  public synchronized OptionalInt leader() {
    return leader;
  }

  public synchronized int leaderEpoch() {
    return leaderEpoch;
  }

  synchronized void leader(OptionalInt node) {
    leader = node;
    leaderEpoch++;
  }

  public synchronized long start() {
    return start;
  }

  public synchronized long end() {
    return end;
  }

  /** Forgets what lies before. */
  public synchronized void raiseStart(long offset) {
    start = offset;
    batches.removeIf(batch -> batch.header().lastOffset() < offset);
  }

  /** Declares lost what was appended in this epoch at or after the offset. */
  public synchronized void lose(int epoch, long from) {
    lossFromEpoch = OptionalInt.of(epoch);
    lossEnd = OptionalLong.of(from);
    batches.removeIf(batch -> batch.header().baseOffset() >= from);
    end = from;
  }

  /** Where the history of this epoch ends, if the reader has read beyond. */
  synchronized OptionalLong divergingEnd(int lastEpoch, long offset) {
    boolean isLost =
        lossFromEpoch.isPresent()
            && lastEpoch == lossFromEpoch.getAsInt()
            && offset > lossEnd.getAsLong();
    return isLost ? lossEnd : OptionalLong.empty();
  }
}

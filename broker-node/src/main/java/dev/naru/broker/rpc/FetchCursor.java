package dev.naru.broker.rpc;

import dev.naru.proto.v1.FetchPosition;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchHeader;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.Optional;

/** How far a fetch has come in one partition. Owned by the event loop of its stream. */
final class FetchCursor {

  private final PartitionId partition;
  private final Optional<LeaderEpoch> knownEpoch;
  private Optional<LeaderEpoch> lastEpoch;
  private long offset;
  private int bytesLeft;
  private boolean isClosed;

  FetchCursor(PartitionId partition, FetchPosition position) {
    this.partition = partition;
    this.knownEpoch =
        position.hasLeaderEpoch()
            ? Optional.of(new LeaderEpoch(position.getLeaderEpoch()))
            : Optional.empty();
    this.lastEpoch =
        position.hasLastEpoch()
            ? Optional.of(new LeaderEpoch(position.getLastEpoch()))
            : Optional.empty();
    this.offset = position.getOffset();
    this.bytesLeft = position.getMaxBytes();
  }

  PartitionId partition() {
    return partition;
  }

  /** The leader epoch the client knows. */
  Optional<LeaderEpoch> knownEpoch() {
    return knownEpoch;
  }

  /** Epoch of the last record read, by the client or for it. */
  Optional<LeaderEpoch> lastEpoch() {
    return lastEpoch;
  }

  /** The next offset to read. */
  long offset() {
    return offset;
  }

  int bytesLeft() {
    return bytesLeft;
  }

  /** Whether nothing more is read here in this answer. */
  boolean isClosed() {
    return isClosed || bytesLeft <= 0;
  }

  void close() {
    isClosed = true;
  }

  /** These batches, which hold the offset, are part of the answer. */
  void advance(BatchBytes batches) {
    BatchHeader last = batches.header();
    for (var header : batches.headers()) {
      last = header;
    }
    offset = last.nextOffset();
    lastEpoch = Optional.of(new LeaderEpoch(last.leaderEpoch()));
    bytesLeft -= batches.size();
  }
}

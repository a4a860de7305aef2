package dev.naru.broker.coordinator;

import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.partition.TenantLog;
import dev.naru.record.BatchBuilder;
import dev.naru.record.Compression;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The log of a shard's groups: what one command leads to becomes one batch, all or nothing. */
final class OffsetsLog {

  private final TenantLog log;
  private final GroupLogFormat format;
  private final LongSupplier wallMillis;
  private final BooleanSupplier isStuck;
  private final BatchBuilder builder = new BatchBuilder(ShardLimits.BATCH_BYTES_MAX);

  /**
   * Writes to this log.
   *
   * @param isStuck whether what was written before is to be committed first
   */
  OffsetsLog(
      TenantLog log, GroupLogFormat format, LongSupplier wallMillis, BooleanSupplier isStuck) {
    this.log = log;
    this.format = format;
    this.wallMillis = wallMillis;
    this.isStuck = isStuck;
  }

  /** Where the log ends now. */
  long end() {
    return log.end();
  }

  /** Writes what happened to a group, or says why nothing was written. */
  Optional<Refused> append(String group, List<GroupEvent> events) {
    var entries = new ArrayList<GroupLogFormat.Entry>(events.size());
    for (var event : events) {
      entries.add(format.encode(group, event));
    }
    return append(entries);
  }

  /** Writes a record that says nothing. */
  Optional<Refused> appendBarrier() {
    return append(List.of(format.barrier()));
  }

  private Optional<Refused> append(List<GroupLogFormat.Entry> entries) {
    if (isStuck.getAsBoolean()) {
      return Optional.of(
          new Refused(
              ErrorCode.COORDINATOR_NOT_AVAILABLE,
              "Expected what was written before to be committed, but it is not"));
    }
    long now = Math.max(0, wallMillis.getAsLong());
    try {
      for (var entry : entries) {
        if (!hasRoomFor(entry)) {
          builder.reset();
          return Optional.of(
              new Refused(
                  ErrorCode.LIMIT_EXCEEDED,
                  "Expected what this changes to fit into a batch of %d bytes, but it does not"
                      .formatted(ShardLimits.BATCH_BYTES_MAX)));
        }
        builder.append(now, entry.key(), entry.value().orElse(null), List.of());
      }
      return log.append(builder.build(Compression.NONE));
    } catch (RuntimeException fault) {
      builder.reset();
      throw fault;
    }
  }

  /** Also of the first record of a batch, for which a builder makes any room. */
  private boolean hasRoomFor(GroupLogFormat.Entry entry) {
    int key = entry.key().remaining();
    int value = entry.value().map(bytes -> bytes.remaining()).orElse(0);
    return builder.isEmpty()
        ? BatchBuilder.sizeMaxOf(key, value, List.of()) <= ShardLimits.BATCH_BYTES_MAX
        : builder.hasRoomFor(key, value, List.of());
  }
}

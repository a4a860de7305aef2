package dev.naru.broker.rpc;

import dev.naru.broker.flow.HotKey;
import dev.naru.broker.flow.HotKeyTable;
import dev.naru.broker.flow.HotKeyTable.KeyCount;
import dev.naru.broker.partition.PartitionTraffic;
import dev.naru.broker.rpc.ServingNode.Found;
import dev.naru.proto.v1.KeyReport;
import dev.naru.proto.v1.ReportKeysRequest;
import dev.naru.proto.v1.ReportKeysResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Hears from producers which keys they use most, and tells it to whoever wonders why a partition is
 * busy. Best effort: what is told of a partition that is led elsewhere is dropped. For any thread.
 */
public final class HotKeyReports {

  private static final int REPORTS_MAX = 1_000;
  private static final int KEYS_MAX = 32;
  private static final int KEY_BYTES_MAX = 64;

  private final Function<PartitionId, Optional<PartitionTraffic>> led;
  private final LongSupplier nanoClock;

  /** Guards the table: calls that report and calls that look come on threads of their own. */
  private final ReentrantLock lock = new ReentrantLock();

  private final HotKeyTable table = new HotKeyTable();

  /** Knows of these partitions. */
  public HotKeyReports(ServingNode node, LongSupplier nanoClock) {
    this(id -> traffic(node, id), nanoClock);
  }

  HotKeyReports(Function<PartitionId, Optional<PartitionTraffic>> led, LongSupplier nanoClock) {
    this.led = led;
    this.nanoClock = nanoClock;
  }

  /** What came in for a partition that is led here. */
  private static Optional<PartitionTraffic> traffic(ServingNode node, PartitionId id) {
    return node.find(id, false) instanceof Found.Here here && here.view().isLeader()
        ? here.seat().traffic()
        : Optional.empty();
  }

  /** Takes all of it or, if something cannot be, nothing. */
  ReportKeysResponse take(ReportKeysRequest request) {
    var response = ReportKeysResponse.newBuilder();
    var refused = check(request);
    if (refused.isPresent()) {
      return response
          .setError(ProtoIds.code(refused.get().code()))
          .setErrorMessage(refused.get().reason())
          .build();
    }
    request.getReportsList().forEach(this::take);
    return response.setError(ProtoIds.code(ErrorCode.NONE)).build();
  }

  private void take(KeyReport report) {
    var partition = ProtoIds.partition(report.getTopicId(), report.getPartition());
    var traffic = partition.flatMap(led);
    if (traffic.isEmpty()) {
      return;
    }
    var keys = report.getKeysList().stream().map(HotKeyReports::count).toList();
    long taken = traffic.get().records();
    lock.lock();
    try {
      table.report(
          partition.get(),
          nanoClock.getAsLong(),
          report.getRecords(),
          OptionalLong.of(taken),
          keys);
    } finally {
      lock.unlock();
    }
  }

  private static KeyCount count(dev.naru.proto.v1.KeyCount key) {
    return new KeyCount(
        key.getHash(),
        key.hasKey() ? Optional.of(key.getKey().asReadOnlyByteBuffer()) : Optional.empty(),
        key.getCount() - key.getError());
  }

  private static Optional<Refused> check(ReportKeysRequest request) {
    if (request.getReportsCount() > REPORTS_MAX) {
      return Optional.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected reports of at most %d partitions, but were %d"
                  .formatted(REPORTS_MAX, request.getReportsCount())));
    }
    return request.getReportsList().stream()
        .flatMap(report -> whatIsWrongWith(report).stream())
        .findFirst()
        .map(wrong -> new Refused(ErrorCode.INVALID_REQUEST, wrong));
  }

  private static Optional<String> whatIsWrongWith(KeyReport report) {
    if (report.getKeysCount() > KEYS_MAX) {
      return Optional.of(
          "Expected at most %d keys of a partition, but were %d"
              .formatted(KEYS_MAX, report.getKeysCount()));
    }
    if (report.getRecords() < 0) {
      return Optional.of("Expected records >= 0, but was " + report.getRecords());
    }
    for (var key : report.getKeysList()) {
      if (key.getError() < 0 || key.getCount() < key.getError()) {
        return Optional.of(
            "Expected a count with an error of 0 to the count, but were %d and %d"
                .formatted(key.getCount(), key.getError()));
      }
      if (key.getKey().size() > KEY_BYTES_MAX) {
        return Optional.of(
            "Expected at most %d bytes of a key, but were %d"
                .formatted(KEY_BYTES_MAX, key.getKey().size()));
      }
    }
    return Optional.empty();
  }

  /** The most frequent first. */
  List<HotKey> of(PartitionId partition) {
    lock.lock();
    try {
      return table.of(partition, nanoClock.getAsLong());
    } finally {
      lock.unlock();
    }
  }
}

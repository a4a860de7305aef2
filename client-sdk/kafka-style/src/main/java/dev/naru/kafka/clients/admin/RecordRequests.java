package dev.naru.kafka.clients.admin;

import dev.naru.client.Position;
import dev.naru.client.admin.Admin;
import dev.naru.client.consumer.OffsetAndTime;
import dev.naru.kafka.clients.Translation;
import dev.naru.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import dev.naru.kafka.common.TopicPartition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds offsets of partitions and deletes records, by Kafka's names. */
final class RecordRequests {

  private static final long NO_TIME = -1;
  private static final long NO_OFFSET = -1;
  private static final long ALL = -1;

  private final Admin admin;

  RecordRequests(Admin admin) {
    this.admin = admin;
  }

  DeleteRecordsResult delete(Map<TopicPartition, RecordsToDelete> records) {
    var before = new HashMap<dev.naru.client.TopicPartition, Position>();
    records.forEach((partition, which) ->
        before.put(
            Translation.naru(partition),
            which.beforeOffset() == ALL ? Position.end() : Position.offset(which.beforeOffset())));
    var futures = new HashMap<TopicPartition, CompletableFuture<DeletedRecords>>();
    admin
        .deleteRecords(before)
        .forEach((partition, answer) ->
            futures.put(
                Translation.kafka(partition),
                Answers.translated(answer, start -> new DeletedRecords(start.start()))));
    return new DeleteRecordsResult(futures);
  }

  /** One question for all that want the same. */
  ListOffsetsResult offsets(Map<TopicPartition, OffsetSpec> wanted) {
    var first = new ArrayList<dev.naru.client.TopicPartition>();
    var end = new ArrayList<dev.naru.client.TopicPartition>();
    var times = new HashMap<dev.naru.client.TopicPartition, Instant>();
    wanted.forEach((partition, which) -> {
      var named = Translation.naru(partition);
      if (which.toNaru() instanceof Position.Time at) {
        times.put(named, at.time());
      } else {
        (which.toNaru() instanceof Position.End ? end : first).add(named);
      }
    });
    var futures = new HashMap<TopicPartition, CompletableFuture<ListOffsetsResultInfo>>();
    if (!first.isEmpty()) {
      put(futures, first, admin.beginningOffsets(first), RecordRequests::atEnd);
    }
    if (!end.isEmpty()) {
      put(futures, end, admin.endOffsets(end), RecordRequests::atEnd);
    }
    if (!times.isEmpty()) {
      put(
          futures,
          List.copyOf(times.keySet()),
          admin.offsetsForTimes(times),
          RecordRequests::atTime);
    }
    return new ListOffsetsResult(futures);
  }

  private static <T> void put(
      Map<TopicPartition, CompletableFuture<ListOffsetsResultInfo>> futures,
      List<dev.naru.client.TopicPartition> asked,
      CompletableFuture<? extends Map<dev.naru.client.TopicPartition, T>> answer,
      Function<@Nullable T, ListOffsetsResultInfo> info) {
    for (var partition : asked) {
      futures.put(
          Translation.kafka(partition),
          Answers.translated(answer, found -> info.apply(found.get(partition))));
    }
  }

  private static ListOffsetsResultInfo atEnd(@Nullable Long offset) {
    return new ListOffsetsResultInfo(offset == null ? NO_OFFSET : offset, NO_TIME);
  }

  private static ListOffsetsResultInfo atTime(@Nullable OffsetAndTime found) {
    return found == null
        ? new ListOffsetsResultInfo(NO_OFFSET, NO_TIME)
        : new ListOffsetsResultInfo(found.offset(), found.time().toEpochMilli());
  }
}

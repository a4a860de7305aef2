package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Consumer;
import dev.naru.types.ErrorCode;
import java.util.List;
import java.util.Map;

/** Moves a consumer to where reading begins. */
public final class StartPositions {

  private final Consumer<?, ?> consumer;
  private final List<TopicPartition> partitions;
  private final Notes notes;

  /** For partitions that are assigned to the consumer. */
  public StartPositions(Consumer<?, ?> consumer, List<TopicPartition> partitions, Notes notes) {
    this.consumer = consumer;
    this.partitions = List.copyOf(partitions);
    this.notes = notes;
  }

  /** Moves every partition there. */
  public void seek(ReadFrom from) {
    var all = partitions.toArray(TopicPartition[]::new);
    switch (from) {
      case ReadFrom.Beginning() -> consumer.seekToBeginning(all);
      case ReadFrom.End() -> consumer.seekToEnd(all);
      case ReadFrom.Time(var time) ->
          partitions.forEach(partition -> consumer.seekToTime(partition, time));
      case ReadFrom.Offset(long offset) -> seekToOffset(offset);
      case ReadFrom.BeforeEnd(long count) -> seekBeforeEnd(count);
    }
  }

  private void seekToOffset(long offset) {
    var starts = consumer.beginningOffsets(partitions);
    var ends = consumer.endOffsets(partitions);
    for (var partition : partitions) {
      long start = in(starts, partition);
      long end = in(ends, partition);
      if (offset > end) {
        throw CommandFailure.of(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            "Expected an offset of %d to %d in %s, but was %d"
                .formatted(start, end, partition, offset));
      }
      if (offset < start) {
        notes.note("%s begins at offset %d".formatted(partition, start));
      }
      consumer.seek(partition, Math.max(offset, start));
    }
  }

  private void seekBeforeEnd(long count) {
    var starts = consumer.beginningOffsets(partitions);
    var ends = consumer.endOffsets(partitions);
    for (var partition : partitions) {
      consumer.seek(partition, Math.max(in(starts, partition), in(ends, partition) - count));
    }
  }

  private static long in(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    Long offset = offsets.get(partition);
    if (offset == null) {
      throw new IllegalStateException(
          "Expected an offset of " + partition + ", but the answer has " + offsets);
    }
    return offset;
  }
}

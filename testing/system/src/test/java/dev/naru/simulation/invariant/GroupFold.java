package dev.naru.simulation.invariant;

import dev.naru.broker.coordinator.GroupChange;
import dev.naru.broker.coordinator.GroupLogFormat;
import dev.naru.broker.coordinator.GroupLogPage;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.grouplog.GroupLogCodec;
import dev.naru.log.LogView;
import dev.naru.record.BatchHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Logs of groups, read by whoever is no coordinator. */
final class GroupFold {

  private static final int PAGE_BYTES = 1 << 20;

  private static final GroupLogFormat FORMAT = new GroupLogCodec();

  private GroupFold() {}

  /** What each batch says, from this offset to that one; told with its header. */
  static void read(
      LogView log, long from, long end, BiConsumer<BatchHeader, List<GroupChange>> batches) {
    long offset = from;
    while (offset < end) {
      var slice = log.read(offset, PAGE_BYTES, end);
      if (slice.isEmpty()) {
        throw new IllegalStateException("Expected a batch at " + offset + ", but there is none");
      }
      for (var batch : slice.batches().batches()) {
        batches.accept(batch.header(), GroupLogPage.read(batch, FORMAT));
      }
      offset = slice.nextOffset();
    }
  }

  static GroupImage evolved(GroupImage image, List<GroupEvent> events) {
    var after = image;
    for (var event : events) {
      after = GroupMachine.evolve(after, event);
    }
    return after;
  }

  /** The groups that a log holds which ends here; those of which nothing is left are left out. */
  static Map<String, GroupImage> images(LogView log, long end) {
    var images = new TreeMap<String, GroupImage>();
    read(
        log,
        log.start(),
        end,
        (_, changes) ->
            changes.forEach(change ->
                images.merge(
                    change.group(),
                    evolved(GroupImage.empty(change.group()), List.of(change.event())),
                    (known, _) -> GroupMachine.evolve(known, change.event()))));
    images.values().removeIf(GroupImage::isEmpty);
    return images;
  }

  /** The events of one batch, which are all of one group. */
  static List<GroupEvent> events(List<GroupChange> changes) {
    var events = new ArrayList<GroupEvent>(changes.size());
    changes.forEach(change -> events.add(change.event()));
    return events;
  }
}

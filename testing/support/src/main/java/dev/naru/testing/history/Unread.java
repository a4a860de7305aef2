package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import dev.naru.testing.history.Operation.Released;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Who reads a partition until the end of the run has read it to its high watermark. */
final class Unread implements Check {

  @Override
  public void look(Account account, Findings findings) {
    account.run().histories().stream()
        .filter(History::isWhole) // who was killed need not
        .forEach(history -> read(history, account, findings));
  }

  private static void read(History history, Account account, Findings findings) {
    SortedMap<PartitionName, Long> next = new TreeMap<>();
    var isMember = new AtomicBoolean();
    history.replay(operation -> {
      switch (operation) {
        case Positioned(_, var partition, var offset) -> next.put(partition, offset.orElse(0));
        case Polled(_, var partition, long offset, _, _) -> next.put(partition, offset + 1);
        case Released(_, var partition) -> next.remove(partition);
        case Joined _ -> isMember.set(true);
        default -> {
          // nothing that a reader does
        }
      }
    });
    if (isMember.get()) {
      return; // others of its group may have read on
    }
    next.forEach((name, offset) ->
        account
            .partition(name)
            .ifPresent(partition -> compare(history, offset, partition, findings)));
  }

  private static void compare(
      History history, long next, PartitionAccount partition, Findings findings) {
    var missed = partition.end().firstMissed(next, partition.end().highWatermark());
    if (missed.isPresent()) {
      findings.add(
          Kind.UNREAD,
          partition,
          OptionalLong.of(next),
          OptionalLong.empty(),
          () ->
              "%s read no further, but the high watermark is %d"
                  .formatted(history.name(), partition.end().highWatermark()));
    }
  }
}

package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.OfMember.Committed;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.Polled;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every record below what a group has committed was given to one of its members. How often more
 * than once is counted: a member that is killed takes what it did not commit with it.
 */
final class GivenToGroups implements Check {

  /** A reader that has not joined any is not looked at here. */
  private static final int OF_NONE = Integer.MIN_VALUE;

  private static final class Given {
    final BitSet offsets = new BitSet();
    long committed;
    long again;

    void given(int offset) {
      if (offsets.get(offset)) {
        again++;
      }
      offsets.set(offset);
    }

    void committed(long offset) {
      committed = Math.max(committed, offset);
    }
  }

  @Override
  public void look(Account account, Findings findings) {
    var all = new TreeMap<GroupPartition, Given>();
    account.run().histories().forEach(history -> read(history, all));
    all.forEach((partition, given) -> {
      findings.count("given.again", given.again);
      account.partition(partition.name()).ifPresent(of -> judge(partition, given, of, findings));
    });
  }

  private static void read(History history, Map<GroupPartition, Given> all) {
    var group = new AtomicInteger(OF_NONE);
    history.replay(operation -> {
      switch (operation) {
        case Joined(_, int number) -> group.set(number);
        case Polled(_, var partition, long offset, _, _) when group.get() != OF_NONE ->
            of(all, group.get(), partition).given((int) offset);
        case Committed(_, _, var partition, long offset) ->
            of(all, group.get(), partition).committed(offset);
        default -> {
          // nothing that is given
        }
      }
    });
  }

  private static Given of(Map<GroupPartition, Given> all, int group, PartitionName partition) {
    return all.computeIfAbsent(new GroupPartition(group, partition), _ -> new Given());
  }

  private static void judge(
      GroupPartition partition, Given given, PartitionAccount account, Findings findings) {
    long from = given.offsets.nextClearBit(0);
    while (from < given.committed) {
      long to = Math.min(next(given.offsets, from), given.committed);
      var missed = account.end().firstMissed(from, to);
      if (missed.isPresent()) {
        add(partition, missed.getAsLong(), to, account, findings);
      }
      from = given.offsets.nextClearBit((int) to);
    }
  }

  private static long next(BitSet offsets, long from) {
    int next = offsets.nextSetBit((int) from);
    return next < 0 ? Long.MAX_VALUE : next;
  }

  private static void add(
      GroupPartition partition, long from, long to, PartitionAccount account, Findings findings) {
    findings.add(
        Kind.NEVER_GIVEN,
        account,
        OptionalLong.of(from),
        OptionalLong.empty(),
        () ->
            "no member of group %d was given it or what follows, up to %d, which is committed"
                .formatted(partition.group(), to));
  }
}

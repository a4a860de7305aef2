package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.OfMember.Leased;
import dev.naru.testing.history.Operation.OfMember.Lost;
import dev.naru.testing.history.Operation.OfMember.Revoked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Of a group at most one member has a partition at a time: from when it was assigned until it gives
 * it back, or its lease is over, or it is heard of for the last time. A member that stood still may
 * learn much later that its lease was over; by then others have the partition, and that is right.
 */
final class OneOwner implements Check {

  /** A member's time with a partition. */
  private record Term(String member, long fromNanos, long toNanos) {}

  @Override
  public void look(Account account, Findings findings) {
    var terms = new TreeMap<GroupPartition, List<Term>>();
    account.run().histories().forEach(history -> new Member(history.name(), terms).read(history));
    terms.forEach((partition, all) -> {
      findings.count("terms", all.size());
      account
          .partition(partition.name())
          .ifPresent(of -> compare(partition.group(), all, of, findings));
    });
  }

  /** What one member says. */
  private static final class Member {

    private final String name;
    private final Map<GroupPartition, List<Term>> terms; // of all members
    private final Map<PartitionName, Long> since = new TreeMap<>();
    private final Map<PartitionName, Long> overSince = new TreeMap<>(); // whose lease is over
    private int group;
    private long leaseEnd = Long.MIN_VALUE;
    private long last;

    Member(String name, Map<GroupPartition, List<Term>> terms) {
      this.name = name;
      this.terms = terms;
    }

    void read(History history) {
      history.replay(this::take);
      List.copyOf(since.keySet()).forEach(partition -> end(partition, last));
    }

    private void take(Operation operation) {
      last = operation.atNanos();
      switch (operation) {
        case Joined(_, int number) -> group = number;
        case Assigned(long at, var partition) -> since.put(partition, at);
        case Revoked(long at, var partition) -> end(partition, at);
        case Lost(long at, var partition) -> end(partition, at);
        case Leased(long at, long until) -> leased(at, until);
        default -> {
          // nothing of who has what
        }
      }
    }

    /**
     * A lease that begins when the one before is over is of no use to what that one covered. What
     * was assigned after that, in the poll in which this one began, it covers.
     */
    private void leased(long at, long until) {
      if (at > leaseEnd) {
        since.forEach((partition, from) -> {
          if (from <= leaseEnd) {
            overSince.putIfAbsent(partition, leaseEnd);
          }
        });
      }
      if (until > at) {
        leaseEnd = Math.max(leaseEnd, until);
      }
    }

    private void end(PartitionName partition, long at) {
      var from = since.remove(partition);
      var over = overSince.remove(partition);
      if (from != null) {
        long to = Math.min(at, over == null ? leaseEnd : over);
        terms
            .computeIfAbsent(new GroupPartition(group, partition), _ -> new ArrayList<>())
            .add(new Term(name, from, Math.max(from, to)));
      }
    }
  }

  private static void compare(
      int group, List<Term> terms, PartitionAccount partition, Findings findings) {
    terms.sort(Comparator.comparingLong(Term::fromNanos));
    var longest = terms.getFirst();
    for (var term : terms.subList(1, terms.size())) {
      if (term.fromNanos() < longest.toNanos() && !term.member().equals(longest.member())) {
        add(group, longest, term, partition, findings);
      }
      if (term.toNanos() > longest.toNanos()) {
        longest = term;
      }
    }
  }

  private static void add(
      int group, Term first, Term second, PartitionAccount partition, Findings findings) {
    findings.add(
        Kind.TWO_OWNERS,
        partition,
        OptionalLong.empty(),
        OptionalLong.of(second.fromNanos()),
        () ->
            "in group %d %s had it for another %d ms when %s was given it"
                .formatted(
                    group,
                    first.member(),
                    TimeUnit.NANOSECONDS.toMillis(first.toNanos() - second.fromNanos()),
                    second.member()));
  }
}

package dev.naru.testing.history;

import dev.naru.testing.history.Operation.OfMember;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.CommitInvoked;
import dev.naru.testing.history.Operation.OfMember.Committed;
import dev.naru.testing.history.Operation.OfMember.Found;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.OfMember.Leased;
import dev.naru.testing.history.Operation.OfMember.Lost;
import dev.naru.testing.history.Operation.OfMember.Revoked;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** The bytes of what members of groups do, in the entries of {@link HistoryLayout}. */
final class MemberLayout {

  private static final byte JOINED = 13;
  private static final byte ASSIGNED = 14;
  private static final byte REVOKED = 15;
  private static final byte LOST = 16;
  private static final byte LEASED = 17;
  private static final byte COMMIT_INVOKED = 18;
  private static final byte COMMITTED = 19;
  private static final byte FOUND = 20;

  private MemberLayout() {}

  static Optional<PartitionName> partitionOf(OfMember operation) {
    return switch (operation) {
      case Assigned assigned -> Optional.of(assigned.partition());
      case Revoked revoked -> Optional.of(revoked.partition());
      case Lost lost -> Optional.of(lost.partition());
      case CommitInvoked invoked -> Optional.of(invoked.partition());
      case Committed committed -> Optional.of(committed.partition());
      case Found found -> Optional.of(found.partition());
      case Joined _, Leased _ -> Optional.empty();
    };
  }

  static void put(OfMember operation, int number, ByteBuffer to) {
    long at = operation.atNanos();
    switch (operation) {
      case Joined(_, int group) -> HistoryLayout.put(to, JOINED, 0, 0, at, group, 0, 0);
      case Assigned _ -> HistoryLayout.put(to, ASSIGNED, 0, number, at, 0, 0, 0);
      case Revoked _ -> HistoryLayout.put(to, REVOKED, 0, number, at, 0, 0, 0);
      case Lost _ -> HistoryLayout.put(to, LOST, 0, number, at, 0, 0, 0);
      case Leased(_, long until) -> HistoryLayout.put(to, LEASED, 0, 0, at, until, 0, 0);
      case CommitInvoked(_, _, long offset) ->
          HistoryLayout.put(to, COMMIT_INVOKED, HistoryLayout.PRESENT, number, at, 0, offset, 0);
      case Committed(long invoked, _, _, long offset) ->
          HistoryLayout.put(to, COMMITTED, HistoryLayout.PRESENT, number, at, invoked, offset, 0);
      case Found(long invoked, _, _, var offset) ->
          HistoryLayout.put(
              to,
              FOUND,
              offset.isPresent() ? HistoryLayout.PRESENT : 0,
              number,
              at,
              invoked,
              offset.orElse(0),
              0);
    }
  }

  static boolean namesPartition(byte kind) {
    return switch (kind) {
      case ASSIGNED, REVOKED, LOST, COMMIT_INVOKED, COMMITTED, FOUND -> true;
      default -> false;
    };
  }

  static OfMember get(
      byte kind, long time, long value, OptionalLong offset, Optional<PartitionName> of) {
    return switch (kind) {
      case JOINED -> new Joined(time, (int) value);
      case ASSIGNED -> new Assigned(time, of.orElseThrow());
      case REVOKED -> new Revoked(time, of.orElseThrow());
      case LOST -> new Lost(time, of.orElseThrow());
      case LEASED -> new Leased(time, value);
      case COMMIT_INVOKED -> new CommitInvoked(time, of.orElseThrow(), offset.orElseThrow());
      case COMMITTED -> new Committed(value, time, of.orElseThrow(), offset.orElseThrow());
      case FOUND -> new Found(value, time, of.orElseThrow(), offset);
      default -> throw new IllegalStateException("Expected an operation, but was kind " + kind);
    };
  }
}

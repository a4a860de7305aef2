package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.OptionalLong;

/**
 * Whatever was acknowledged with all replicas was read at the end where it was acknowledged, but
 * for what may be gone. With fewer acks it is counted.
 */
final class LostWrites implements Check {

  @Override
  public void look(Account account, Findings findings) {
    for (var session : account.sessions()) {
      for (int i = 0; i < session.count(); i++) {
        if (session.isOk(i)) {
          acknowledged(account, session, i, findings);
        }
      }
    }
  }

  private static void acknowledged(
      Account account, Session session, int sequence, Findings findings) {
    if (!session.hasOffset(sequence)) {
      if (!session.wasSeen(sequence)) {
        findings.count("lost." + session.acks().text());
      }
      return;
    }
    var partition = account.partition(session.partition(sequence));
    long offset = session.offset(sequence);
    var value = new Value(session.producer(), sequence);
    if (isThere(partition, offset, value)) {
      return;
    }
    if (partition.end().mayBeGone(offset)) {
      findings.count("gone.explained");
    } else if (session.acks() == Acks.ALL) {
      findings.add(
          Kind.LOST_WRITE,
          partition,
          OptionalLong.of(offset),
          OptionalLong.of(session.endedNanos(sequence)),
          () -> "%s was acknowledged here and is gone".formatted(value));
    } else {
      findings.count("lost." + session.acks().text());
    }
  }

  private static boolean isThere(PartitionAccount partition, long offset, Value value) {
    return partition.offsets().wasReadAtTheEnd(offset)
        && partition.offsets().value(offset) == value.packed();
  }
}

package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import java.util.OptionalLong;

/**
 * What was sent after another record of its partition had been acknowledged lies behind that one.
 * Seen from the end: no record may have been sent after any that lies behind it was acknowledged.
 */
final class RealTimeOrder implements Check {

  /** The earliest acknowledgement among the records that lie behind. */
  private static final class Behind {
    long ackNanos = Long.MAX_VALUE;
    long offset;
    long value;
  }

  @Override
  public void look(Account account, Findings findings) {
    for (var partition : account.partitions()) {
      var behind = new Behind();
      partition
          .offsets()
          .forEachDown((offset, packed) ->
              account
                  .sender(packed)
                  .ifPresent(
                      session -> compare(session, behind, partition, offset, packed, findings)));
    }
  }

  private static void compare(
      Session session,
      Behind behind,
      PartitionAccount partition,
      long offset,
      long packed,
      Findings findings) {
    int sequence = Value.unpacked(packed).sequence();
    if (behind.ackNanos < session.invokedNanos(sequence)) {
      long other = behind.value;
      findings.add(
          Kind.REAL_TIME_ORDER,
          partition,
          OptionalLong.of(behind.offset),
          OptionalLong.of(behind.ackNanos),
          () ->
              "%s was acknowledged here before %s was sent, which is at %d"
                  .formatted(Offsets.text(other), Offsets.text(packed), offset));
    }
    if (session.isOkAt(sequence, partition.number(), offset)
        && session.endedNanos(sequence) < behind.ackNanos) {
      behind.ackNanos = session.endedNanos(sequence);
      behind.offset = offset;
      behind.value = packed;
    }
  }
}

package dev.naru.simulation;

import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionInput.FromLeader;
import dev.naru.broker.partition.PartitionInput.ProduceArrived;
import dev.naru.broker.replica.ProduceAsked;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.BatchesFrame;
import dev.naru.record.BatchBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Lends a process the memory of what it receives, as the pool of a node does: what is given back is
 * overwritten at once, and what is not is known.
 */
final class SimMemory {

  private int lent;

  /** How many batches are held. */
  int lent() {
    return lent;
  }

  /** The same input, as it is after it came over a connection. */
  PartitionInput received(PartitionInput input) {
    return switch (input) {
      case ProduceArrived(var asked) -> new ProduceArrived(received(asked));
      case FromLeader(var leader, BatchesFrame frame) ->
          new FromLeader(leader, with(frame, lend(frame.batches())));
      default -> input;
    };
  }

  /** Ends the hold of whoever took the input in. */
  static void release(PartitionInput input) {
    switch (input) {
      case ProduceArrived(var asked) -> asked.batch().release();
      case FromLeader(_, BatchesFrame frame) -> frame.batches().release();
      default -> {}
    }
  }

  /** What is on its way over a connection needs nobody's memory. */
  static ToFollower sent(ToFollower message) {
    return message instanceof BatchesFrame frame
        ? with(frame, BatchBytes.of(ByteBuffer.wrap(copy(frame.batches()))))
        : message;
  }

  private ProduceAsked received(ProduceAsked asked) {
    return new ProduceAsked(
        asked.key(),
        asked.acks(),
        asked.knownEpoch(),
        lend(asked.batch()),
        asked.arrivedMillis(),
        asked.deadlineNanos());
  }

  private static BatchesFrame with(BatchesFrame frame, BatchBytes batches) {
    return new BatchesFrame(
        frame.subscription(),
        frame.leaderEpoch(),
        frame.highWatermark(),
        frame.logStart(),
        batches);
  }

  private BatchBytes lend(BatchBytes sent) {
    byte[] bytes = copy(sent);
    lent++;
    return BatchBytes.leased(
        ByteBuffer.wrap(bytes),
        () -> {
          lent--;
          Arrays.fill(bytes, (byte) 0xdd);
        });
  }

  private static byte[] copy(BatchBytes batches) {
    byte[] bytes = new byte[batches.size()];
    batches.asByteBuffer().get(bytes);
    return bytes;
  }
}

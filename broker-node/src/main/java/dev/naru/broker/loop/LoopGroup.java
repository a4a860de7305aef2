package dev.naru.broker.loop;

import dev.naru.broker.partition.Replies;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The loops of a node and their threads. */
public final class LoopGroup implements AutoCloseable {

  private static final long STOP_MILLIS_MAX = 10_000;

  private final List<PartitionLoop> loops;
  private final List<Thread> threads = new ArrayList<>();

  private LoopGroup(List<PartitionLoop> loops) {
    this.loops = loops;
  }

  /**
   * Starts as many loops.
   *
   * @param threads makes a thread for each; what it does with an uncaught fault ends the node
   * @param tailBytesMax what all of them together may keep of recent batches
   */
  public static LoopGroup start(
      int count,
      LongSupplier nanoClock,
      ThreadFactory threads,
      Replies replies,
      PartitionFaults faults,
      long tailBytesMax) {
    var group =
        new LoopGroup(
            Stream.generate(
                    () -> new PartitionLoop(nanoClock, replies, faults, tailBytesMax / count))
                .limit(count)
                .toList());
    for (var loop : group.loops) {
      var thread = threads.newThread(loop);
      group.threads.add(thread);
      thread.start();
    }
    return group;
  }

  /** A place on the partition's loop: the same for ever, and neighbours are spread over all. */
  PartitionSeat seatFor(PartitionId partition) {
    int index = Math.floorMod(partition.topic().hashCode() + partition.partition(), loops.size());
    return new PartitionSeat(partition, loops.get(index));
  }

  /** Closes every partition, then ends. */
  @Override
  public void close() {
    loops.forEach(PartitionLoop::stop);
    try {
      for (var thread : threads) {
        thread.join(STOP_MILLIS_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.naru.simulation;

import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.PartitionInput.DamageFound;
import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.ReadVerdict.DataLost;
import dev.naru.broker.partition.ReadVerdict.Denied;
import dev.naru.broker.partition.ReadVerdict.Readable;
import dev.naru.broker.partition.ReadVerdict.Waits;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.log.disk.LogDamagedException;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.util.Optional;

/**
 * Reads a partition from its start, as a fetch would: from a leader's view, on whatever node it
 * takes for one.
 */
final class SimReader {

  private static final long POLL_NANOS = 30 * World.MILLI;
  private static final long WAIT_NANOS = 500 * World.MILLI;
  private static final int BYTES_MAX = 4_096;
  private static final double TAKEN_OVER = 0.05;

  private final SimCluster cluster;
  private final int id;
  private final PartitionId partition;
  private final Dice dice;
  private long offset;
  private Optional<LeaderEpoch> lastEpoch = Optional.empty();
  private Optional<KnownLeader> leader = Optional.empty();
  private long requests;
  private long waitsUntilNanos;

  SimReader(SimCluster cluster, int id, PartitionId partition, Dice dice) {
    this.cluster = cluster;
    this.id = id;
    this.partition = partition;
    this.dice = dice;
    cluster.world().after(dice.between(0, POLL_NANOS), this::pollForEver);
  }

  PartitionId partition() {
    return partition;
  }

  long offset() {
    return offset;
  }

  private void pollForEver() {
    cluster.world().after(POLL_NANOS, this::pollForEver);
    if (cluster.world().nowNanos() >= waitsUntilNanos) {
      poll();
    }
  }

  /** The node has told it to look again. */
  void woken() {
    if (waitsUntilNanos > cluster.world().nowNanos()) {
      waitsUntilNanos = 0;
      poll();
    }
  }

  /** Reads what can be read now, from a view, as a thread of the network would. */
  private void poll() {
    // A client never goes back to a leader of before. But another one may take its place over, as
    // members of a group do, which knows of the leader what some node has told it.
    boolean isAnother = dice.chance(TAKEN_OVER);
    cluster
        .workload()
        .knownLeader(partition, dice)
        .filter(
            found -> isAnother || leader.isEmpty() || !found.epoch().isBefore(leader.get().epoch()))
        .ifPresent(found -> leader = Optional.of(found));
    leader
        .flatMap(known -> cluster.node(known.node().value()).process())
        .filter(SimProcess::isRunning)
        .ifPresent(process ->
            process.partition(partition).ifPresent(found -> readAt(process, found.view())));
  }

  /** What lay before is deleted. */
  private void goOnAt(long start) {
    offset = start;
    lastEpoch = Optional.empty();
    cluster.tally().count("readers overtaken");
  }

  private void readAt(SimProcess process, PartitionView view) {
    switch (view.admit(offset, leader.map(KnownLeader::epoch), lastEpoch)) {
      case Readable(long below) -> {
        try {
          var slice = view.log().read(offset, BYTES_MAX, below);
          for (var header : slice.batches().headers()) {
            cluster.observer().read(process, header, partition, offset);
            offset = header.nextOffset();
            lastEpoch = Optional.of(new LeaderEpoch(header.leaderEpoch()));
          }
        } catch (LogDamagedException e) {
          process.post(partition, new DamageFound(e.damage()));
        }
      }
      case Waits() -> {
        waitsUntilNanos = cluster.world().nowNanos() + WAIT_NANOS;
        process.post(
            partition,
            new FetchWaits(
                new FetchKey(id, ++requests), view.leaderEpoch(), offset, waitsUntilNanos));
      }
      case Denied(var why)
          when why.code() == ErrorCode.OFFSET_OUT_OF_RANGE && offset < view.log().start() ->
          goOnAt(view.log().start());
      case Denied(var why) when why.code() == ErrorCode.OFFSET_OUT_OF_RANGE -> {
        cluster.observer().alarms().readerLost(process, partition, why);
        offset = view.highWatermark();
        lastEpoch = Optional.empty();
      }
      case Denied _ -> {}
      case DataLost(long parts, var why) -> {
        cluster.observer().alarms().readerLost(process, partition, why);
        offset = parts;
        lastEpoch = Optional.empty();
      }
    }
  }
}

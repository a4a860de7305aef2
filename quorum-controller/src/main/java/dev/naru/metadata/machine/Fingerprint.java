package dev.naru.metadata.machine;

import dev.naru.metadata.command.DecommissionNode;
import dev.naru.metadata.command.DrainNode;
import dev.naru.metadata.command.ReassignPartitions;
import dev.naru.types.NodeId;
import java.util.OptionalLong;

/**
 * What a request asks for, in one number, the same on every node: so that an id that is used again
 * for something else is not answered as if that were under way.
 */
final class Fingerprint {

  private Fingerprint() {}

  static long of(DrainNode command) {
    return of(1, command.node());
  }

  /** The dice are drawn anew each time, and are no part of it. */
  static long of(DecommissionNode command) {
    long print = mixed(of(2, command.node()), rate(command.bytesPerSecond()));
    return command.gone() ? mixed(print, 1) : print;
  }

  /** The order of the partitions is none either. */
  static long of(ReassignPartitions command) {
    long all = 0;
    for (var placement : command.placements()) {
      var topic = placement.partition().topic().value();
      long one = mixed(topic.getMostSignificantBits(), topic.getLeastSignificantBits());
      one = mixed(one, placement.partition().partition());
      for (var node : placement.nodes()) {
        one = mixed(one, node.value());
      }
      all += one;
    }
    return mixed(mixed(3, all), rate(command.bytesPerSecond()));
  }

  private static long of(int kind, NodeId node) {
    return mixed(kind, node.value());
  }

  private static long rate(OptionalLong bytesPerSecond) {
    return bytesPerSecond.orElse(0);
  }

  private static long mixed(long sofar, long next) {
    return ReplicaPlacer.mixed(ReplicaPlacer.mixed(sofar + 0x9e3779b97f4a7c15L) + next);
  }
}

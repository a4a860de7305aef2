package dev.naru.broker.rpc;

import dev.naru.types.NodeEpoch;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ids for producers, none of which is ever given twice in a cluster. Nobody has to be asked for
 * them: a node epoch is an index of the metadata log, which no other process has, so it is a block
 * of ids that this process has for itself, also while the quorum is lost. For any thread.
 */
public final class ProducerIds {

  private static final int COUNTER_BITS = 24;

  /** 16 million producers of one process of a node; whoever comes later asks another one. */
  private static final int COUNTER_MAX = (1 << COUNTER_BITS) - 1;

  /** As many entries as the metadata log has room for, for an id not to be negative. */
  private static final long NODE_EPOCH_MAX = Long.MAX_VALUE >> COUNTER_BITS;

  private final long block;
  private final AtomicInteger next;

  /** All ids of a process that has this epoch. */
  public ProducerIds(NodeEpoch epoch) {
    this(epoch, 0);
  }

  private ProducerIds(NodeEpoch epoch, int first) {
    if (epoch.value() > NODE_EPOCH_MAX) {
      throw new IllegalArgumentException(
          "Expected a node epoch of at most %d, but was %s".formatted(NODE_EPOCH_MAX, epoch));
    }
    block = epoch.value() << COUNTER_BITS;
    next = new AtomicInteger(first);
  }

  /** The same after all but so many were given. */
  static ProducerIds with(NodeEpoch epoch, int left) {
    return new ProducerIds(epoch, COUNTER_MAX + 1 - left);
  }

  /** One that nobody has; empty when all are given. */
  public OptionalLong draw() {
    int mine = next.getAndUpdate(n -> n > COUNTER_MAX ? n : n + 1);
    return mine > COUNTER_MAX ? OptionalLong.empty() : OptionalLong.of(block | mine);
  }
}

package dev.naru.broker.coordinator;

import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.partition.TenantLog;

/**
 * What takes too long for a loop. Each answer comes back as an input to the shard whose log is
 * named, if that one still leads in the same epoch. Calls must not block.
 */
public interface GroupWork {

  /**
   * Reads a part of the log below the start of the epoch, and comes back with {@link
   * ShardInput.PageRead} or {@link ShardInput.PageUnreadable}; a log that is damaged, or on a disk
   * that has failed, ends the leadership instead.
   */
  void read(TenantLog log, long from);

  /**
   * Computes who should read what, and comes back with {@link ShardInput.TargetComputed} or {@link
   * ShardInput.TargetPutOff}.
   */
  void compute(TenantLog log, GroupImage image, TopicsSeen topics);
}

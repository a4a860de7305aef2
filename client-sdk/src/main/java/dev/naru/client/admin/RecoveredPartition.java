package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.util.Optional;

/**
 * A partition that leads again.
 *
 * @param leader the node that was chosen
 * @param loss what was given up; empty if nothing was, after all
 */
public record RecoveredPartition(TopicPartition partition, int leader, Optional<LossRange> loss) {}

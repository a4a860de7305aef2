package dev.naru.metadata.command;

import dev.naru.metadata.image.LogEnd;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;

/**
 * A replica would have to cut more than has been declared lost: it says what, and cuts nothing
 * before its image shows that it is declared. What it says stays true, so that it does no harm when
 * it is applied late, or twice.
 *
 * @param lossEpoch leader epoch of the declared loss that its log is subject to
 * @param log where its log ends
 * @param cutFrom the offset from which on it would be cut
 */
public record DeclareLoss(
    PartitionId partition,
    LeaderEpoch lossEpoch,
    NodeId node,
    NodeEpoch epoch,
    LogEnd log,
    long cutFrom) {}

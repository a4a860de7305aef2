package dev.naru.broker.rpc;

import dev.naru.metadata.balance.DiskUse;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a node says that it stores.
 *
 * @param bytes of each replica's log; of very many the largest
 * @param disk empty if it has not looked yet
 */
public record StoredData(SortedMap<PartitionId, Long> bytes, Optional<DiskUse> disk) {}

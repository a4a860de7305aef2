package dev.naru.client.admin;

import java.util.List;
import java.util.OptionalInt;

/**
 * A partition as the answering node sees it.
 *
 * @param leader the leading node; empty when there is none
 * @param leaderEpoch rises with every change of the leader
 * @param partitionEpoch rises with every change of this entry
 * @param replicas the preferred leader first
 * @param isr those in sync
 * @param elr those out of the ISR that are still known to hold every acknowledged record
 * @param copies how many replicas it is to have; while it moves there are more
 */
public record PartitionDescription(
    int partition,
    OptionalInt leader,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> isr,
    List<Integer> elr,
    int copies) {}

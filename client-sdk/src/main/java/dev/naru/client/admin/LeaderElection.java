package dev.naru.client.admin;

import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who leads a partition after its preferred leader was asked for, or would lead.
 *
 * @param oldLeader empty when there was none
 * @param leader empty when there is none
 * @param failure why the preferred leader does not lead; empty when it does
 */
public record LeaderElection(
    TopicPartition partition,
    OptionalInt oldLeader,
    OptionalInt leader,
    Optional<NaruException> failure) {}

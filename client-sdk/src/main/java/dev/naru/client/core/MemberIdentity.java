package dev.naru.client.core;

import java.util.Optional;
import java.util.UUID;

/**
 * What a member tells the coordinator of itself whenever it joins.
 *
 * @param member drawn once for each consumer, which keeps it as long as it lives
 * @param instanceId {@code group.instance.id}
 * @param rack {@code client.rack}
 * @param clientId {@code client.id}; may be empty
 * @param sessionMillis {@code session.timeout.ms}
 * @param rebalanceMillis how long it may take to give back partitions: {@code max.poll.interval.ms}
 * @param assignor {@code group.remote.assignor}; the coordinator's default without it
 */
public record MemberIdentity(
    String group,
    UUID member,
    Optional<String> instanceId,
    Optional<String> rack,
    String clientId,
    int sessionMillis,
    int rebalanceMillis,
    Optional<String> assignor) {}

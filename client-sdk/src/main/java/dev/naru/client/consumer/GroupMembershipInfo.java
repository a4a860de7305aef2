package dev.naru.client.consumer;

import dev.naru.client.GroupProtocol;
import java.time.Duration;
import java.util.UUID;

/**
 * A consumer as a member of its group.
 *
 * @param group {@code group.id}
 * @param member drawn by the consumer, which keeps it as long as it lives
 * @param epoch the newest of the group that it was told, in a classic one the generation; 0 while
 *     it is no member
 * @param lease for how long its partitions are surely its own, even if it heard nothing more; zero
 *     while it is no member
 */
public record GroupMembershipInfo(
    String group, UUID member, int epoch, GroupProtocol protocol, Duration lease) {}

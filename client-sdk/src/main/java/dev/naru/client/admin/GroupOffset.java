package dev.naru.client.admin;

import dev.naru.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * How far a group is in one partition. What is not known now is absent.
 *
 * @param committed the first offset that is not processed
 * @param leaderEpoch of the last record before it
 * @param metadata what the application wrote beside it
 * @param end the partition's high watermark
 * @param lagRecords records that are kept and not processed
 * @param lagTime age of the first one of these; zero when there is none
 * @param isPassedByRetention whether records were deleted that the group has not processed
 * @param member who holds the partition, if somebody does
 */
public record GroupOffset(
    TopicPartition partition,
    long committed,
    OptionalInt leaderEpoch,
    String metadata,
    Instant commitTime,
    OptionalLong end,
    OptionalLong lagRecords,
    Optional<Duration> lagTime,
    boolean isPassedByRetention,
    Optional<UUID> member) {}

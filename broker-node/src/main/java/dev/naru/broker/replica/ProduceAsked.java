package dev.naru.broker.replica;

import dev.naru.record.BatchBytes;
import dev.naru.types.LeaderEpoch;
import java.util.Optional;

/**
 * A produce request whose batch has passed the checks of its bytes.
 *
 * @param knownEpoch the leader epoch the client knows; another one is refused
 * @param batch exactly one
 * @param arrivedMillis wall clock, for what the log records about time
 * @param deadlineNanos monotonic clock: when to stop waiting for followers
 */
public record ProduceAsked(
    ProduceKey key,
    Acks acks,
    Optional<LeaderEpoch> knownEpoch,
    BatchBytes batch,
    long arrivedMillis,
    long deadlineNanos) {}

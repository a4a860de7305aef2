package dev.naru.client.admin;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A replica of a partition without a leader, as it answered a moment ago; what is not known is 0.
 *
 * @param isSafe whether it is known to hold every acknowledged record; then it is not here now, or
 *     cannot be used
 * @param whyNot why it cannot lead; empty when it can
 * @param lastEpoch epoch of the last batch of its log; empty when it has none or gave no answer
 * @param end the next offset it would append
 * @param durableEnd everything below it is on its disk
 * @param logStart its first offset
 * @param highWatermark below it all was acknowledged, as far as it has heard
 * @param loss what would be given up if it led; empty when it cannot
 */
public record RecoveryCandidate(
    int node,
    boolean isSafe,
    Optional<String> whyNot,
    OptionalInt lastEpoch,
    long end,
    long durableEnd,
    long logStart,
    long highWatermark,
    Optional<LossRange> loss) {}

package dev.naru.broker.replica;

/**
 * A replica outside the ISR, read in one piece, so that no condition holds of an earlier state.
 *
 * @param isSubscribed accepted by this leader, in this leader epoch, under the registered node
 *     epoch
 * @param isEligible its node is neither fenced nor stopping
 * @param countedEnd of its log
 */
public record JoinCandidate(boolean isSubscribed, boolean isEligible, long countedEnd) {}

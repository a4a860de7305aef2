package dev.naru.broker.group;

import java.util.OptionalInt;

/**
 * A partition in a member's hands.
 *
 * @param grantedEpoch since when; commits that were sent under an older epoch are refused
 * @param revokedEpoch since when the member is told to give it back; until it says that it has, the
 *     partition is its own, and its commits count
 */
public record Hold(int grantedEpoch, OptionalInt revokedEpoch) {

  /** Refuses an order to give back that is no younger than the grant. */
  public Hold {
    if (revokedEpoch.isPresent() && revokedEpoch.getAsInt() <= grantedEpoch) {
      throw new IllegalArgumentException(
          "Expected a partition to be revoked after epoch %d, but was at %d"
              .formatted(grantedEpoch, revokedEpoch.getAsInt()));
    }
  }

  /** Handed out at this epoch. */
  public static Hold granted(int epoch) {
    return new Hold(epoch, OptionalInt.empty());
  }

  /** The same, ordered back at this epoch. */
  public Hold revoked(int epoch) {
    return new Hold(grantedEpoch, OptionalInt.of(epoch));
  }

  /** Whether the member has been told to give it back. */
  public boolean isRevoked() {
    return revokedEpoch.isPresent();
  }
}

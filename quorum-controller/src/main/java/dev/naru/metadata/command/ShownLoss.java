package dev.naru.metadata.command;

import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LogEnd;

/**
 * What an operator was shown before he chose a replica. His choice holds for that only.
 *
 * @param kept the log of the replica
 * @param from the first offset that may be lost
 * @param to the greatest end known of what is lost
 * @param isExact whether nothing more can be lost
 */
public record ShownLoss(LogEnd kept, long from, long to, boolean isExact) {

  /** What to show of this loss. */
  public static ShownLoss of(DeclaredLoss loss) {
    return new ShownLoss(loss.kept(), loss.from(), loss.to(), loss.isExact());
  }

  @Override
  public String toString() {
    return "%s [%s, %s), keeping %s".formatted(isExact ? "exactly" : "at least", from, to, kept);
  }
}

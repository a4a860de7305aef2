package dev.naru.broker.upkeep;

import dev.naru.broker.partition.MovePace;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;

/**
 * Keeps this node's pace of moves: the slowest that an operation asks for which moves something
 * now, where one without a wish asks for what is configured.
 */
public final class MoveThrottle implements ImageSubscriber {

  private final MovePace pace;
  private final long configured;

  /** Changes this pace; so many bytes a second without a wish. */
  public MoveThrottle(MovePace pace, long configured) {
    this.pace = pace;
    this.configured = configured;
  }

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    if (!delta.before().operations().equals(delta.after().operations())) {
      pace.change(wanted(applied.image()));
    }
  }

  private long wanted(ClusterImage image) {
    return image.operations().values().stream()
        .filter(each -> each.isRunning() && !each.moving().isEmpty())
        .mapToLong(each -> each.bytesPerSecond().orElse(configured))
        .min()
        .orElse(configured);
  }
}

package dev.naru.broker.upkeep;

import dev.naru.broker.partition.MovePace;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.OperationImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import java.util.OptionalLong;

/**
 * Keeps this node's pace of moves: the slowest that an operation under way asks for, else as the
 * node is configured.
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
      pace.change(wanted(applied.image()).orElse(configured));
    }
  }

  private static OptionalLong wanted(ClusterImage image) {
    return image.operations().values().stream()
        .filter(OperationImage::isRunning)
        .flatMapToLong(each -> each.bytesPerSecond().stream())
        .min();
  }
}

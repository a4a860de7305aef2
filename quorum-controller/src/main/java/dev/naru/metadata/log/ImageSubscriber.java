package dev.naru.metadata.log;

import dev.naru.metadata.image.ImageDelta;

/**
 * Told of every change of the image, on the thread {@code image}, in order; it must not block for
 * long.
 */
@FunctionalInterface
public interface ImageSubscriber {

  /**
   * The image changed from {@code delta.before()} to that of {@code applied}. Several changes may
   * come as one. The first call starts from the empty image.
   */
  void imageChanged(ImageDelta delta, Applied applied);
}

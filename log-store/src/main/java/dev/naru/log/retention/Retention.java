package dev.naru.log.retention;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * Decides where a log is to begin: whole segments go, the oldest first, as long as they are too old
 * or the log is too large without them. Nothing goes that is not committed.
 *
 * <p>The age of a segment is that of its newest record. A record from the future counts as written
 * when its file was last written to, and so does one without a time; else one absurd time would
 * keep a log for ever.
 */
public final class Retention {

  private final RetentionLimits limits;
  private final long committedEnd;
  private final long nowMillis;
  private final LongFunction<OptionalLong> writtenMillis;

  /**
   * A look at one log.
   *
   * @param committedEnd the high watermark
   * @param nowMillis a time that is not after the true one
   * @param writtenMillis when the file of the segment with this base was last written to, if that
   *     is known; asked for as few as possible
   */
  public Retention(
      RetentionLimits limits,
      long committedEnd,
      long nowMillis,
      LongFunction<OptionalLong> writtenMillis) {
    this.limits = limits;
    this.committedEnd = committedEnd;
    this.nowMillis = nowMillis;
    this.writtenMillis = writtenMillis;
  }

  /** Where a log is to begin, and why. */
  public record NewStart(long offset, DropReason reason) {}

  /**
   * The new start; empty when all is kept. If it is the end of the active segment, all of that is
   * too old: it is to be closed first.
   *
   * @param closed the oldest first
   */
  public Optional<NewStart> of(List<KeptSegment> closed, KeptSegment active) {
    long bytes = active.bytes() + closed.stream().mapToLong(KeptSegment::bytes).sum();
    Optional<NewStart> start = Optional.empty();
    for (KeptSegment oldest : closed) {
      Optional<DropReason> reason = whyDrop(oldest, bytes - oldest.bytes());
      if (reason.isEmpty()) {
        return start;
      }
      start = Optional.of(new NewStart(oldest.end(), reason.get()));
      bytes -= oldest.bytes();
    }
    return active.bytes() > 0 && isCommitted(active) && isTooOld(active)
        ? Optional.of(new NewStart(active.end(), DropReason.AGE))
        : start;
  }

  private Optional<DropReason> whyDrop(KeptSegment segment, long bytesWithout) {
    if (!isCommitted(segment)) {
      return Optional.empty();
    } else if (isTooOld(segment)) {
      return Optional.of(DropReason.AGE);
    }
    return limits.bytes().isPresent() && bytesWithout >= limits.bytes().getAsLong()
        ? Optional.of(DropReason.SIZE)
        : Optional.empty();
  }

  private boolean isCommitted(KeptSegment segment) {
    return segment.end() <= committedEnd;
  }

  private boolean isTooOld(KeptSegment segment) {
    if (limits.millis().isEmpty()) {
      return false;
    }
    if (segment.newestMillis() >= 0 && isTooOld(segment.newestMillis())) {
      return true;
    }
    OptionalLong written = writtenMillis.apply(segment.base());
    return written.isPresent()
        && (segment.newestMillis() < 0 || segment.newestMillis() > written.getAsLong())
        && isTooOld(written.getAsLong());
  }

  private boolean isTooOld(long millis) {
    return nowMillis - millis > limits.millis().orElseThrow();
  }
}

package dev.naru.log.disk;

import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * Keeps new records out of a data directory before a write of them can fail: a write that fails
 * ends the directory.
 *
 * <p>The file system is asked now and then, not for every batch. What this directory has written
 * since then counts against that answer, so it does not matter how long ago it was. What others
 * write into the same file system is only known at the next look. Any thread may call.
 */
public final class SpaceGate {

  private final FailStopDisk disk;

  private volatile Optional<Look> last = Optional.empty();

  private record Look(DiskSpace space, long writtenBefore, SpaceRule rule) {}

  /** A gate that is open until the first look. */
  public SpaceGate(FailStopDisk disk) {
    this.disk = disk;
  }

  /** Asks the file system; from now on this rule holds. */
  public DiskSpace look(SpaceRule rule) {
    // Before the question: what is written meanwhile rather counts twice than not at all.
    long writtenBefore = disk.writtenBytes();
    var space = disk.space();
    last = Optional.of(new Look(space, writtenBefore, rule));
    return space;
  }

  /**
   * How full it was at the last look, and what was written since counts; empty before the first.
   */
  public Optional<DiskSpace> space() {
    return last.map(look -> left(look, 0));
  }

  /** Why there is no room for so many bytes of new records, if there is none. */
  public Optional<Refused> whyNot(int bytes) {
    return last.flatMap(look -> look.rule.whyNot(left(look, bytes))).map(this::refusal);
  }

  /** Why there is no room for so many bytes that a leader has already, if there is none. */
  public Optional<Refused> whyNotCopies(int bytes) {
    return last.flatMap(look -> look.rule.whyNotCopies(left(look, bytes))).map(this::refusal);
  }

  /**
   * The same, but the file system is asked again before it is a no: what was deleted since the last
   * look counts as well then.
   */
  public Optional<Refused> whyNotCopiesNow(int bytes) {
    Optional<Refused> why = whyNotCopies(bytes);
    if (why.isPresent()) {
      last.ifPresent(look -> look(look.rule));
    }
    return why.flatMap(_ -> whyNotCopies(bytes));
  }

  private DiskSpace left(Look look, int bytes) {
    return look.space.minus(disk.writtenBytes() - look.writtenBefore + bytes);
  }

  private Refused refusal(String why) {
    return new Refused(ErrorCode.DISK_FULL, "Expected %s %s".formatted(disk.location(), why));
  }
}

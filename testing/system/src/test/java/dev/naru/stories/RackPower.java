package dev.naru.stories;

import dev.naru.chaos.host.Freezer;
import dev.naru.chaos.host.LoopDisk;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.PowerCut;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * How a rack loses power. Where nobody may turn a disk off, its node is killed instead; that is
 * less, because what lies in page caches outlives it, and it must be said.
 *
 * @param whyNot why power cannot be cut here; empty if it can
 */
record RackPower(Optional<String> whyNot) {

  private static final long DISK_BYTES = 512L << 20;
  private static final int KILLED = 137;

  /** What can be done on this machine. */
  static RackPower here() {
    return new RackPower(LoopDisk.whyNot().or(Freezer::whyNot));
  }

  /** The size of the disk that each node needs; empty if it needs none of its own. */
  Optional<Long> diskBytes() {
    return whyNot.isEmpty() ? Optional.of(DISK_BYTES) : Optional.empty();
  }

  /** The node is down afterwards; says whether it is proven that what was meant has happened. */
  boolean cut(NodeHost host) throws IOException {
    return whyNot.isEmpty() ? PowerCut.of(List.of(host)).size() == 1 : host.kill() == KILLED;
  }

  @Override
  public String toString() {
    return whyNot.isEmpty() ? "cut" : "NOT-CUT-BUT-KILLED";
  }
}

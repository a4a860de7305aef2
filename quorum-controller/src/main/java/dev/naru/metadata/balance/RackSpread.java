package dev.naru.metadata.balance;

/**
 * How the replicas of a partition are spread over racks.
 *
 * @param racks that hold at least one
 * @param most that are in one rack, and lost with it
 */
record RackSpread(int racks, int most) {

  /** Whether a rack that fails takes no more than it would have taken before. */
  boolean isNoWorseThan(RackSpread before) {
    return racks > before.racks || (racks == before.racks && most <= before.most);
  }
}

package dev.naru.metadata.balance;

/**
 * How the replicas of a partition are spread over racks.
 *
 * @param racks that hold at least one
 * @param most that are in one rack, and lost with it
 */
record RackSpread(int racks, int most) {

  /** Of replicas in these racks. */
  static RackSpread of(int[] racks) {
    int count = 0;
    int most = 0;
    for (int i = 0; i < racks.length; i++) {
      int same = 0;
      boolean isFirst = true;
      for (int j = 0; j < racks.length; j++) {
        if (racks[j] == racks[i]) {
          same++;
          isFirst &= j >= i;
        }
      }
      count += isFirst ? 1 : 0;
      most = Math.max(most, same);
    }
    return new RackSpread(count, most);
  }

  /** Whether a rack that fails takes no more than it would have taken before. */
  boolean isNoWorseThan(RackSpread before) {
    return racks > before.racks || (racks == before.racks && most <= before.most);
  }
}

package dev.naru.metadata.balance;

/** One replica of a partition that goes from here to there. */
sealed interface Step {

  /** Its replica. */
  Movable partition();

  /** Who gives it. */
  Holder from();

  /** Who gets it. */
  Holder to();

  /** Lets the partition use one rack more. */
  record Mends(Movable partition, Holder from, Holder to) implements Step {}

  /**
   * Makes two nodes more even.
   *
   * @param gain by how much; above 0
   */
  record Narrows(Movable partition, Holder from, Holder to, double gain) implements Step {}
}

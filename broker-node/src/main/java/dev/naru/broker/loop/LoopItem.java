package dev.naru.broker.loop;

/** What lies in a loop's mailbox. */
sealed interface LoopItem permits Delivery, Delivery.Occupation {

  /** The partition it is for. */
  PartitionSeat to();
}

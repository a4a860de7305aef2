package dev.naru.broker.loop;

/** What lies in a loop's mailbox. */
sealed interface LoopItem permits Delivery, Delivery.Occupation, Delivery.Abandonment {

  /** The partition it is for. */
  PartitionSeat to();
}

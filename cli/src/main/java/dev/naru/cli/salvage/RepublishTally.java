package dev.naru.cli.salvage;

import dev.naru.client.admin.SalvageReason;

/** Counts what is left out of a pass. Owned by one thread. */
final class RepublishTally {

  private long unproven;
  private long held;
  private long undecided;
  private long pending;
  private long passedOver;
  private long controlBatches;
  private long transactionalBatches;
  private long damagedBatches;
  private long strayBytes;
  private final TornEnd end = new TornEnd();

  void held() {
    held++;
  }

  void pending() {
    pending++;
  }

  void undecided(boolean isTaken) {
    unproven += isTaken ? 1 : 0;
    undecided += isTaken ? 0 : 1;
  }

  void passedOver(int records) {
    passedOver += records;
  }

  void controlBatch() {
    controlBatches++;
  }

  void transactionalBatch() {
    transactionalBatches++;
  }

  void sound() {
    end.sound();
  }

  /** A batch, or bytes that do not even say that they are one. */
  void damaged(boolean isBatch, long bytes) {
    damagedBatches += isBatch ? 1 : 0;
    strayBytes += isBatch ? 0 : bytes;
    end.damaged();
  }

  RepublishCount count(long taken, SalvageReason reason) {
    return new RepublishCount(
        taken,
        unproven,
        new RepublishCount.LeftOut(
            held, undecided, pending, passedOver, controlBatches, transactionalBatches),
        new RepublishCount.Damage(damagedBatches, strayBytes, end.isAllThereIs(reason)));
  }
}

package dev.naru.cli.salvage;

import dev.naru.client.admin.SalvageReason;

/**
 * Whether the damage in an entry is what has to be there: a torn tail ends where the crash came, in
 * the middle of a write, and nobody can get that back. Owned by one thread.
 */
final class TornEnd {

  private long damages;
  private boolean isLast;

  void sound() {
    isLast = false;
  }

  void damaged() {
    damages++;
    isLast = true;
  }

  /** Whether all damage met so far is one piece at the end of a torn tail. */
  boolean isAllThereIs(SalvageReason reason) {
    return reason == SalvageReason.TORN_TAIL && damages == 1 && isLast;
  }
}

package dev.naru.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Memory that is to be given back, and how many still hold it. Whoever is handed the last hold
 * gives it back, on whatever thread that is.
 */
final class Lease {

  private static final VarHandle HOLDERS;

  static {
    try {
      HOLDERS = MethodHandles.lookup().findVarHandle(Lease.class, "holders", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Runnable giveBack;

  /** Invariant: never rises again once it is 0. */
  private volatile int holders = 1;

  Lease(Runnable giveBack) {
    this.giveBack = giveBack;
  }

  void retain() {
    change(+1);
  }

  void release() {
    if (change(-1) == 0) {
      giveBack.run();
    }
  }

  private int change(int by) {
    int before;
    do {
      before = holders;
      expectHeld(before);
    } while (!HOLDERS.compareAndSet(this, before, before + by));
    return before + by;
  }

  /** What lies there now may be another's. */
  void expectHeld() {
    expectHeld(holders);
  }

  private static void expectHeld(int holders) {
    if (holders == 0) {
      throw new IllegalStateException(
          "Expected batches that somebody holds, but their memory was given back");
    }
  }
}

package dev.naru.broker.transport;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets so many things go on at once, and refuses the next one. Any thread may call. */
public final class Permits {

  private final Semaphore free;

  /** At most so many. */
  public Permits(int max) {
    free = new Semaphore(max);
  }

  /** One of them, if there is one left. Never waits. */
  public Optional<Permit> take() {
    return free.tryAcquire() ? Optional.of(new Permit(free)) : Optional.empty();
  }

  /** For one thing that goes on, until it is closed. */
  public static final class Permit implements AutoCloseable {

    private final Semaphore free;
    private final AtomicBoolean isHeld = new AtomicBoolean(true);

    private Permit(Semaphore free) {
      this.free = free;
    }

    /** Gives it back, once however often it is called: a call may end in more than one way. */
    @Override
    public void close() {
      if (isHeld.getAndSet(false)) {
        free.release();
      }
    }
  }
}

package dev.naru.chaos.host;

import dev.naru.chaos.host.Network.Effect;
import dev.naru.chaos.host.Network.Listener;
import dev.naru.chaos.host.Network.Traffic;
import dev.naru.chaos.host.Place.Link;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A disturbance of a {@link ProxyNetwork}: every piece that passes a proxy asks all gates. */
final class Gate implements Disturbance {

  private static final int SLOW_BYTES_PER_SECOND = 64 << 10;
  private static final long LOOK_NANOS = 5_000_000;

  private final Effect effect;
  private final Set<Link> links;
  private final Traffic traffic;
  private final Consumer<Gate> onClose;
  private final AtomicLong hits = new AtomicLong();
  private volatile boolean isClosed; // asked by all connections

  Gate(Effect effect, Set<Link> links, Traffic traffic, Consumer<Gate> onClose) {
    this.effect = effect;
    this.links = links;
    this.traffic = traffic;
    this.onClose = onClose;
  }

  boolean isOf(Link link, Listener listener) {
    return links.contains(link) && traffic.isOf(listener);
  }

  /** Whether what is sent to the one who called, or by him, is of its traffic. */
  boolean isOf(boolean isAnswer) {
    return isAnswer || traffic != Traffic.ANSWERS;
  }

  boolean isSilent(Link link, Listener listener) {
    return effect == Effect.SILENCE && isOf(link, listener);
  }

  /** Whether a connection of these two may not begin, because it would be reset at once. */
  boolean refuses(Link link, Listener listener) {
    boolean refuses = effect == Effect.RESET && isOf(link, listener) && !isClosed;
    if (refuses) {
      hits.incrementAndGet();
    }
    return refuses;
  }

  void countHit() {
    hits.incrementAndGet();
  }

  /** Returns once these bytes may go on. */
  void pass(Link link, Listener listener, int bytes) {
    if (!isOf(link, listener) || isClosed) {
      return;
    }
    switch (effect) {
      case SILENCE -> {
        hits.incrementAndGet();
        while (!isClosed) {
          LockSupport.parkNanos(LOOK_NANOS);
        }
      }
      case SLOWNESS -> {
        hits.incrementAndGet();
        long until = System.nanoTime() + 1_000_000_000L * bytes / SLOW_BYTES_PER_SECOND;
        while (!isClosed && System.nanoTime() < until) {
          LockSupport.parkNanos(Math.min(LOOK_NANOS, until - System.nanoTime()));
        }
      }
      case NOTHING -> hits.incrementAndGet();
      case RESET, LOSS -> {} // not of pieces
    }
  }

  @Override
  public long hits() {
    return hits.get();
  }

  @Override
  public void close() {
    isClosed = true;
    onClose.accept(this);
  }
}

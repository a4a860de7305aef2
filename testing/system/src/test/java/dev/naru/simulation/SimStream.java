package dev.naru.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A connection between two ends. Each direction delivers in order until the stream breaks; then
 * what was under way is lost, and each end learns of it in its own time. A cut does not break it at
 * once: messages wait, as TCP would have them, until the cut is mended or the ends give up.
 */
final class SimStream {

  private static final long RETRANSMIT_NANOS = 20 * World.MILLI;

  private final SimNet net;
  private final Cuts cuts;
  private final World world;
  private final Runnable lostAtFrom;
  private final Runnable lostAtTo;
  private final Pipe there;
  private final Pipe back;
  private boolean isBroken;

  /** What keeps messages from arriving. */
  interface Cuts {
    boolean isCut(int from, int to);
  }

  /** Opens a stream; each end is told at most once that it is lost. */
  SimStream(SimNet net, Cuts cuts, int from, int to, Runnable lostAtFrom, Runnable lostAtTo) {
    this.net = net;
    this.cuts = cuts;
    this.world = net.world();
    this.lostAtFrom = lostAtFrom;
    this.lostAtTo = lostAtTo;
    there = new Pipe(from, to);
    back = new Pipe(to, from);
  }

  void there(Runnable deliver) {
    there.send(deliver);
  }

  void back(Runnable deliver) {
    back.send(deliver);
  }

  boolean isBroken() {
    return isBroken;
  }

  /** The connection is gone; an end that cannot be reached takes until its keepalive to notice. */
  void breakUp() {
    if (isBroken) {
      return;
    }
    isBroken = true;
    there.waiting.clear();
    back.waiting.clear();
    world.after(noticeNanos(back), lostAtFrom);
    world.after(noticeNanos(there), lostAtTo);
  }

  private long noticeNanos(Pipe lastWords) {
    return cuts.isCut(lastWords.sender, lastWords.receiver)
        ? SimNet.KEEPALIVE_NANOS
        : net.delayNanos();
  }

  /** One direction. */
  private final class Pipe {

    private final int sender;
    private final int receiver;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private long lastArrivalNanos;
    private long blockedSinceNanos;
    private boolean isBlocked;
    private boolean isPumping;

    private record Message(long arrivesNanos, Runnable deliver) {}

    Pipe(int sender, int receiver) {
      this.sender = sender;
      this.receiver = receiver;
    }

    void send(Runnable deliver) {
      if (isBroken) {
        return;
      }
      lastArrivalNanos = Math.max(lastArrivalNanos, world.nowNanos() + net.delayNanos());
      waiting.addLast(new Message(lastArrivalNanos, deliver));
      pumpAt(lastArrivalNanos);
    }

    private void pumpAt(long nanos) {
      if (!isPumping) {
        isPumping = true;
        world.after(nanos - world.nowNanos(), this::pump);
      }
    }

    private void pump() {
      isPumping = false;
      if (isBroken || waiting.isEmpty()) {
        return;
      }
      if (cuts.isCut(sender, receiver)) {
        waitForMending();
        return;
      }
      isBlocked = false;
      while (!waiting.isEmpty()
          && !isBroken
          && waiting.getFirst().arrivesNanos() <= world.nowNanos()) {
        waiting.removeFirst().deliver().run();
      }
      if (!waiting.isEmpty()) {
        pumpAt(waiting.getFirst().arrivesNanos());
      }
    }

    private void waitForMending() {
      if (!isBlocked) {
        isBlocked = true;
        blockedSinceNanos = world.nowNanos();
      }
      if (world.nowNanos() - blockedSinceNanos >= SimNet.KEEPALIVE_NANOS) {
        breakUp();
      } else {
        pumpAt(world.nowNanos() + RETRANSMIT_NANOS);
      }
    }
  }
}

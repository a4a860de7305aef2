package dev.naru.broker.loop;

import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.Replies;
import dev.naru.broker.partition.TailBudget;
import dev.naru.broker.replica.Acks;
import dev.naru.broker.replica.ProduceKey;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The owner of many partitions. In a turn it takes in what has arrived, a bounded number of inputs
 * for each partition before the next one is served, lets each partition that was touched settle,
 * and ticks.
 *
 * <p>Threads: {@link #turn} belongs to one thread, that of {@link #run} or a test's. Everything
 * else may be called by any thread. It does no I/O but the partitions' own writes into the page
 * cache, and never waits while there is work.
 *
 * <p>Failures: what a partition throws stops that partition. Anything else is a bug that ends the
 * loop, and with it the node.
 */
final class PartitionLoop implements Runnable {

  /**
   * Time between ticks: a tenth of the shortest lag that is allowed, at no cost worth measuring.
   */
  static final long TICK_NANOS = 100_000_000L;

  /** The same for partitions that wait for less than that. */
  static final long QUICK_TICK_NANOS = 10_000_000L;

  /** Requests served for one partition before the others have their turn. */
  private static final int SHARE = 32;

  /** Requests served in one turn, so that the protocol lane is never left alone for long. */
  private static final int TURN_REQUESTS_MAX = 512;

  /**
   * The same for the protocol lane, so that requests are served under a storm of acknowledgements.
   */
  private static final int TURN_PROTOCOL_MAX = 4_096;

  private final Mailbox<LoopItem> mailbox = new Mailbox<>();
  private final LongSupplier nanoClock;
  private final Replies replies;
  private final PartitionFaults faults;
  private final TailBudget tails;
  private final Consumer<LoopItem> serve = this::serve;
  private final Consumer<LoopItem> enqueue = this::enqueue;

  // Owned by the thread that calls turn().
  private final Set<PartitionSeat> seats = new LinkedHashSet<>();
  private final Set<PartitionSeat> ticking = new LinkedHashSet<>(); // the others are at rest
  private final Set<PartitionSeat> impatient = new LinkedHashSet<>(); // some of those
  private final ArrayDeque<PartitionSeat> ready = new ArrayDeque<>();
  private final List<PartitionSeat> touched = new ArrayList<>();
  private int waitingRequests;
  private long lastTickNanos;
  private long lastQuickTickNanos;
  private long turnNanos;

  private volatile boolean stopping;

  PartitionLoop(
      LongSupplier nanoClock, Replies replies, PartitionFaults faults, long tailBytesMax) {
    this.nanoClock = nanoClock;
    this.tails = new TailBudget(tailBytesMax);
    this.replies = replies;
    this.faults = faults;
    this.lastTickNanos = nanoClock.getAsLong();
    this.turnNanos = lastTickNanos;
  }

  /** What its partitions may keep of recent batches; for them alone. */
  TailBudget tails() {
    return tails;
  }

  /** Puts in what a client asks; false when there is no room. */
  boolean request(Delivery delivery) {
    return mailbox.offerRequest(delivery);
  }

  /** The same, but the loop may take it as late as with its next tick. */
  boolean requestQuietly(Delivery delivery) {
    return mailbox.offerRequestQuietly(delivery);
  }

  /** Has the loop take at once what was put in quietly. */
  void wake() {
    mailbox.wake();
  }

  /** Puts in what the protocol needs. */
  void put(LoopItem item) {
    mailbox.putProtocol(item);
  }

  /** Ends the loop once every partition has given up its role. */
  void stop() {
    stopping = true;
    mailbox.wake();
  }

  @Override
  public void run() {
    while (!stopping) {
      long now = nanoClock.getAsLong();
      if (!turn(now)) {
        mailbox.await(untilTick(now));
      }
    }
    turn(nanoClock.getAsLong());
    while (serveRequests() > 0) {
      settle();
    }
    List.copyOf(seats)
        .forEach(seat -> serve(new Delivery(seat, new PartitionInput.Closed(), Delivery.NOTHING)));
    settle();
    mailbox.close(this::tooLate);
  }

  /**
   * Nobody serves it any more; but who waits is answered, and memory is given back. A replica that
   * was taken away is left to the next start, as its log is closed.
   */
  private void tooLate(LoopItem item) {
    if (item instanceof Delivery delivery && !(delivery.input() instanceof PartitionInput.Closed)) {
      answerUnserved(delivery.to(), delivery.input());
      delivery.taken().run();
    }
  }

  private long untilTick(long now) {
    long tick = TICK_NANOS - (now - lastTickNanos);
    return impatient.isEmpty()
        ? tick
        : Math.min(tick, QUICK_TICK_NANOS - (now - lastQuickTickNanos));
  }

  /** One round of work; false when there was none. */
  boolean turn(long nowNanos) {
    turnNanos = nowNanos;
    int protocol = mailbox.drainProtocol(serve, TURN_PROTOCOL_MAX);
    mailbox.drainRequests(enqueue, Mailbox.REQUESTS_MAX - waitingRequests);
    int requests = serveRequests();
    boolean ticks = tick();
    settle();
    return ticks || protocol + requests > 0;
  }

  private void enqueue(LoopItem item) {
    var seat = item.to();
    seat.backlog.add((Delivery) item);
    waitingRequests++;
    if (!seat.isQueued) {
      seat.isQueued = true;
      ready.add(seat);
    }
  }

  /** Round and round the partitions that have requests, each its share. */
  private int serveRequests() {
    int served = 0;
    while (served < TURN_REQUESTS_MAX && !ready.isEmpty()) {
      var seat = ready.remove();
      for (int i = 0; i < SHARE && !seat.backlog.isEmpty(); i++) {
        serve(seat.backlog.remove());
        served++;
      }
      seat.isQueued = !seat.backlog.isEmpty();
      if (seat.isQueued) {
        ready.add(seat);
      }
    }
    waitingRequests -= served;
    return served;
  }

  /** Only those for which time matters: what rests costs nothing, however many there are. */
  private boolean tick() {
    if (turnNanos - lastTickNanos >= TICK_NANOS) {
      lastTickNanos = turnNanos;
      lastQuickTickNanos = turnNanos;
      tick(ticking);
    } else if (!impatient.isEmpty() && turnNanos - lastQuickTickNanos >= QUICK_TICK_NANOS) {
      lastQuickTickNanos = turnNanos;
      tick(impatient);
    } else {
      return false;
    }
    return true;
  }

  private void tick(Set<PartitionSeat> which) {
    var tick = new PartitionInput.Tick(turnNanos);
    for (var seat : List.copyOf(which)) {
      serve(new Delivery(seat, tick, Delivery.NOTHING));
      seat.isTicking = !seat.isAtRest();
      if (!seat.isTicking) {
        ticking.remove(seat);
      }
    }
  }

  private void serve(LoopItem item) {
    var seat = item.to();
    try {
      switch (item) {
        case Delivery delivery -> deliver(seat, delivery.input());
        case Delivery.Occupation(_, var partition) -> {
          seat.sitDown(partition);
          if (seat.condition() instanceof PartitionSeat.Condition.Occupied) {
            seats.add(seat);
            startTicking(seat);
          }
        }
        case Delivery.Abandonment _ -> seat.abandon();
      }
    } catch (RuntimeException e) {
      stopped(seat, e);
    }
    if (item instanceof Delivery delivery) {
      delivery.taken().run();
    }
    touch(seat);
  }

  private void startTicking(PartitionSeat seat) {
    seat.isTicking = true;
    ticking.add(seat);
  }

  private void deliver(PartitionSeat seat, PartitionInput input) {
    if (!seat.isTicking && !seat.isVacant()) {
      startTicking(seat);
      seat.take(new PartitionInput.Tick(turnNanos)); // what it slept through
    }
    if (!seat.take(input)) {
      answerUnserved(seat, input);
    }
    if (input instanceof PartitionInput.Closed) {
      leave(seat);
    }
  }

  private void leave(PartitionSeat seat) {
    seats.remove(seat);
    ticking.remove(seat);
    impatient.remove(seat);
  }

  /** Clients whose request came too late, or too early: they look for the leader again. */
  private void answerUnserved(PartitionSeat seat, PartitionInput input) {
    var why =
        new Refused(ErrorCode.NOT_LEADER, "Expected " + seat + " to be served here, but it is not");
    switch (input) {
      case PartitionInput.ProduceArrived(var asked) -> refuse(asked.key(), asked.acks(), why);
      case PartitionInput.ProduceSpoiled(var key, var acks, var spoiled) ->
          refuse(key, acks, spoiled);
      case PartitionInput.FetchWaits waits -> replies.fetchReady(waits.key());
      case PartitionInput.TenantAsked(_, var refused) -> refused.accept(why);
      default -> {} // the protocol says it again once the partition asks for it
    }
  }

  /** Who wants no answer gets none: it would be taken for that of another request. */
  private void refuse(ProduceKey key, Acks acks, Refused why) {
    if (acks != Acks.NONE) {
      replies.refused(key, why, Replies.Appended.NO, Optional.empty());
    }
  }

  private void touch(PartitionSeat seat) {
    if (!seat.isTouched) {
      seat.isTouched = true;
      touched.add(seat);
    }
  }

  /** Once a turn for each partition that was touched: what is worth doing once for many inputs. */
  private void settle() {
    for (var seat : touched) {
      seat.isTouched = false;
      if (seat.condition() instanceof PartitionSeat.Condition.Occupied(var partition)) {
        try {
          partition.settle();
          noteImpatience(seat, partition.isImpatient());
        } catch (RuntimeException e) {
          stopped(seat, e);
        }
      }
    }
    touched.clear();
  }

  /** The first one waits for a whole quick tick: its clock may be as old as the last usual one. */
  private void noteImpatience(PartitionSeat seat, boolean isImpatient) {
    if (!isImpatient) {
      impatient.remove(seat);
    } else if (impatient.add(seat) && impatient.size() == 1) {
      lastQuickTickNanos = turnNanos;
    }
  }

  private void stopped(PartitionSeat seat, RuntimeException fault) {
    try {
      seat.take(new PartitionInput.Closed()); // answers those who wait, if it still can
    } catch (RuntimeException e) {
      fault.addSuppressed(e);
    }
    leave(seat);
    seat.fail(String.valueOf(fault.getMessage()));
    faults.stopped(seat, fault);
  }
}

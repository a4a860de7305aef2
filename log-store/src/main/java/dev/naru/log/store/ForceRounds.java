package dev.naru.log.store;

import dev.naru.log.ForceTicket;
import dev.naru.log.disk.Disk;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The group commit of one data directory, without a thread: logs ask, a round forces for all that
 * have asked. {@link GroupCommit} runs the rounds on a thread; a simulator runs them when it likes.
 * Any thread may ask; one at a time runs rounds.
 *
 * <p>What waits is bounded by the number of logs: each has at most one ticket waiting.
 */
public final class ForceRounds {

  private final Disk disk;
  private final DurablePointJournal journal;
  private final Object round = new Object(); // held while files are forced
  private final Map<PartitionId, Request> waiting = new LinkedHashMap<>(); // guarded by this
  private boolean isClosed; // guarded by this

  private record Request(ForceTicket ticket, Consumer<ForceTicket> done) {

    void tell() {
      done.accept(ticket);
    }
  }

  ForceRounds(Disk disk, DurablePointJournal journal) {
    this.disk = disk;
    this.journal = journal;
  }

  /**
   * Asks for a force in the next round. A newer ticket of the same log takes the place of one that
   * still waits, whose {@code done} is then never called: the newer one covers all of it. After the
   * directory has failed nothing is done any more.
   *
   * @param done called by the thread that runs the round, after the force; must only pass the
   *     ticket on
   */
  public synchronized void request(ForceTicket ticket, Consumer<ForceTicket> done) {
    if (!isClosed) {
      waiting.put(ticket.partition(), new Request(ticket, done));
      notifyAll();
    }
  }

  /**
   * Forces for all logs that have asked, and writes down how far they are durable now; says for how
   * many.
   */
  public int runRound() {
    synchronized (round) {
      List<Request> requests = takeAll();
      var tickets = requests.stream().map(Request::ticket).toList();
      var performing = performing(tickets);
      var withNewStart = new ArrayList<Request>();
      for (Request each : requests) {
        performing.accept(each.ticket);
        if (journal.raisesStart(each.ticket.point())) {
          withNewStart.add(each);
        } else {
          each.tell();
        }
      }
      journal.record(tickets);
      if (!withNewStart.isEmpty()) {
        journal.force(); // what is deleted once they are told must not be part of any log again
        withNewStart.forEach(Request::tell);
      }
      return requests.size();
    }
  }

  /**
   * Many forces are done here, as one of the whole disk: after all tickets have been made, so that
   * it covers what they cover.
   */
  private Consumer<ForceTicket> performing(List<ForceTicket> tickets) {
    OptionalInt singlyMax = disk.forceAllAbove();
    int forces = tickets.stream().mapToInt(ForceTicket::forces).sum();
    if (singlyMax.isEmpty() || forces <= singlyMax.getAsInt()) {
      return ForceTicket::perform;
    }
    disk.forceAll();
    return ForceTicket::performAfterForceAll;
  }

  private synchronized List<Request> takeAll() {
    var all = new ArrayList<>(waiting.values());
    waiting.clear();
    return all;
  }

  /** Forces for logs that have no owner any more, whether or not requests are still taken. */
  void finish(List<ForceTicket> tickets) {
    synchronized (round) {
      tickets.forEach(performing(tickets));
      journal.record(tickets);
      journal.force();
    }
  }

  /**
   * Makes durable what rounds have written down. Waits for one that is under way: so it is on
   * record how far its tickets went, also those that their owners have heard of already.
   */
  public void forceRecord() {
    between(journal::force);
  }

  private void between(Runnable action) {
    synchronized (round) {
      action.run();
    }
  }

  /** Does something while no round is under way, and without a ticket of this log that waits. */
  void between(PartitionId partition, Runnable action) {
    between(() -> {
      synchronized (this) {
        waiting.remove(partition);
      }
      action.run();
    });
  }

  /**
   * Waits until something is asked for, or about so long; false when nothing will be asked for any
   * more.
   */
  @SuppressWarnings("WaitNotInLoop") // the caller loops: a wake-up too early does no harm
  synchronized boolean awaitRequest(Duration max) throws InterruptedException {
    if (waiting.isEmpty() && !isClosed) {
      wait(max.toMillis());
    }
    return !waiting.isEmpty() || !isClosed;
  }

  /** Takes no more requests. Those that wait are for whoever runs the rounds to finish. */
  synchronized void close() {
    isClosed = true;
    notifyAll();
  }

  /** Drops what waits: it will never be done. */
  synchronized void fail() {
    isClosed = true;
    waiting.clear();
    notifyAll();
  }
}

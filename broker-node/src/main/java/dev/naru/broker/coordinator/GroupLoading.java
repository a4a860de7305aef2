package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.ShardInput.PageRead;
import dev.naru.broker.partition.TenantLog;

/**
 * Reads what others wrote before this epoch began. One page is being read while the one before it
 * is applied.
 */
final class GroupLoading {

  private final TenantLog log;
  private final GroupTable table;
  private final GroupWork work;
  private long next;
  private boolean isStuck;

  GroupLoading(TenantLog log, GroupTable table, GroupWork work) {
    this.log = log;
    this.table = table;
    this.work = work;
    this.next = Math.min(log.start(), log.epochStart());
  }

  /** Asks for the first page. */
  void begin() {
    if (!isDone()) {
      work.read(log, next);
    }
  }

  /** Whether all is read. */
  boolean isDone() {
    return next >= log.epochStart();
  }

  void take(PageRead page) {
    if (page.from() != next) {
      return; // of a read that was given up
    }
    isStuck = page.next() == page.from();
    next = page.next();
    if (!isStuck) {
      begin();
    }
    page.changes().forEach(table::load);
  }

  /** The log had changed under the reader: asks once more. */
  void tick() {
    if (isStuck && !isDone()) {
      isStuck = false;
      next = Math.max(next, Math.min(log.start(), log.epochStart()));
      work.read(log, next);
    }
  }
}

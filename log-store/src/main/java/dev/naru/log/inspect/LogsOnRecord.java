package dev.naru.log.inspect;

import dev.naru.log.disk.Disk;
import dev.naru.log.disk.DiskFile;
import dev.naru.log.store.JournalRecord;
import dev.naru.log.store.JournalWalk;
import dev.naru.types.PartitionId;
import java.util.SortedSet;
import java.util.TreeSet;

/** The logs of which a journal says that they hold something: a directory of each must be there. */
final class LogsOnRecord {

  private final Disk disk;
  private final Report report;

  LogsOnRecord(Disk disk, Report report) {
    this.disk = disk;
    this.report = report;
  }

  /** Tells of those that have no directory. */
  void check() {
    disk.open(JournalWalk.NAME)
        .ifPresent(file -> {
          for (PartitionId each : withRecords(file)) {
            if (!disk.exists(each.toString())) {
              report.fault(
                  each.toString(), 0, "Expected the directory of a log, but it is missing");
            }
          }
        });
  }

  private static SortedSet<PartitionId> withRecords(DiskFile journal) {
    var found = new TreeSet<PartitionId>();
    try (journal) {
      var walk = new JournalWalk(journal);
      while (walk.advance()) {
        walk.record()
            .ifPresent(record -> {
              if (holdsSomething(record)) {
                found.add(record.partition());
              } else {
                found.remove(record.partition());
              }
            });
      }
    }
    return found;
  }

  private static boolean holdsSomething(JournalRecord record) {
    return record instanceof JournalRecord.Point(var point, _) && point.start() < point.end();
  }
}

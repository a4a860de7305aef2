package dev.naru.cli.salvage;

import dev.naru.record.Record;

/** Where records go that are written again. Owned by one thread. */
public interface RecordOutlet {

  /** Takes a record, of which nothing may be used after the call. */
  void put(Record taken);

  /** Whether one could not be written: it takes no more then. */
  boolean hasFailed();

  /** Waits for all that were taken. */
  void finish();

  /** How many it took, and did not fail to write. */
  long count();

  /** Only counts. */
  static RecordOutlet counting() {
    return new RecordOutlet() {

      private long count;

      @Override
      public void put(Record taken) {
        count++;
      }

      @Override
      public boolean hasFailed() {
        return false;
      }

      @Override
      public void finish() {}

      @Override
      public long count() {
        return count;
      }
    };
  }
}

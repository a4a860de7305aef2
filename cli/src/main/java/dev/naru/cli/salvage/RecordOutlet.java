package dev.naru.cli.salvage;

import dev.naru.record.Compression;
import dev.naru.record.Record;
import java.util.List;

/** Where records go that are written again, batch by batch. Owned by one thread. */
public interface RecordOutlet {

  /**
   * Records that one batch held, in their order.
   *
   * @param file the batch's file
   * @param position where in the file it begins
   * @param compression how it was compressed
   * @param records those of it that are missing, at least one
   */
  record Taken(String file, long position, Compression compression, List<Record> records) {}

  /** Takes them; what became of each is settled when this returns. */
  void put(Taken batch);

  /** Whether it takes more: not once a record could not be written. */
  boolean takesMore();

  /** Says what is left to say of what was taken. */
  void finish();

  /** How many it took, and did not fail to write. */
  long count();

  /** Only counts. */
  static RecordOutlet counting() {
    return new RecordOutlet() {

      private long count;

      @Override
      public void put(Taken batch) {
        count += batch.records().size();
      }

      @Override
      public boolean takesMore() {
        return true;
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

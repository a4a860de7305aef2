package dev.naru.client.core;

import dev.naru.record.BatchHeader;
import dev.naru.record.Record;

/** Takes records as they are read. What it throws leaves the position before that record. */
@FunctionalInterface
public interface RecordSink {

  /** Takes one record and the header of its batch. */
  void accept(Record record, BatchHeader batch);
}

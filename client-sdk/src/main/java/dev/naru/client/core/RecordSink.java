package dev.naru.client.core;

import dev.naru.record.RecordReader;

/** Takes records as they are read. What it throws leaves the position before that record. */
@FunctionalInterface
public interface RecordSink {

  /** Takes the record at which the reader stands, and nothing but that from the reader. */
  void accept(RecordReader record);
}

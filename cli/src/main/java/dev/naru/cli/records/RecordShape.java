package dev.naru.cli.records;

import dev.naru.client.ProducerRecord;

/** How the bytes of one line become a record. */
@FunctionalInterface
public interface RecordShape {

  /**
   * The record of a line.
   *
   * @throws dev.naru.cli.CommandFailure if the line has another form; its number is in the message
   */
  ProducerRecord<byte[], byte[]> record(byte[] line, long number);
}

package dev.naru.log;

import dev.naru.log.recovery.ProducerFiles;

/** Where captures of ledgers go that are to be written down. */
public interface CapturedProducers {

  /**
   * So many bytes of a log are worth a snapshot: a start after a power cut reads the headers of so
   * many. Of a part of that a snapshot is taken that is not forced.
   */
  long distanceBytes();

  /**
   * Another thread is to write this down, unless a newer one of the same log comes before. All that
   * it tells of is durable and committed. Does not wait. What need not be forced does not take the
   * place of what does.
   *
   * @see ProducerFiles
   */
  void captured(ProducerCapture capture);
}

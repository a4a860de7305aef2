package dev.naru.log.producer;

/** How many producers a log may know. Any thread may ask; the answer changes. */
@FunctionalInterface
public interface ProducerRoom {

  /** Of a log that shares its memory with no other. */
  ProducerRoom OF_ONE_LOG = () -> ProducerLedger.PRODUCERS_MAX;

  /** A log that knows so many forgets one for each that is new, or refuses the new one. */
  int producersMax();
}

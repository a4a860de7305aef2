package dev.naru.broker.config;

import dev.naru.log.producer.ProducerLedger;
import dev.naru.types.Setting;
import java.time.Duration;

/** What a node remembers of producers. */
public record ProducersConfig(
    @Setting(
            key = "producer.id.expiration.ms",
            doc =
                "A producer that is silent for so long is forgotten by the partitions it wrote to.")
        Duration expiration) {

  /** So much time passes between two looks at who has been silent. */
  public static final Duration ERA = Duration.ofMinutes(10);

  /** Far above any delivery.timeout.ms: a batch that is sent again later would be stored twice. */
  private static final Duration EXPIRATION_MIN = Duration.ofHours(1);

  /** A day. */
  public static final ProducersConfig DEFAULTS = new ProducersConfig(Duration.ofDays(1));

  /** Refuses to forget producers that may still send again. */
  public ProducersConfig {
    if (expiration.compareTo(EXPIRATION_MIN) < 0) {
      throw new IllegalArgumentException(
          "Expected producer.id.expiration.ms >= %d, but was %d"
              .formatted(EXPIRATION_MIN.toMillis(), expiration.toMillis()));
    }
  }

  /** So many looks a silent producer is known for, and for the expiration at least. */
  public int erasMax() {
    return (int) Math.min(Math.ceilDiv(expiration.toMillis(), ERA.toMillis()), Integer.MAX_VALUE);
  }

  /**
   * So long at least a silent producer is known, however many others come: one look less than it is
   * protected for, since it may have written just before the first of them.
   */
  public Duration stateKept() {
    return ERA.multipliedBy(ProducerLedger.PROTECTED_ERAS - 1L);
  }
}

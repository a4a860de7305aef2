package dev.naru.bench.versus;

import java.time.Duration;

/**
 * How long things take.
 *
 * @param producerWarmup of a producer before its records count; a cold JVM runs at a fifth of its
 *     speed
 * @param counted how long records count
 * @param settling between the start of a cluster and the reading of its idle memory
 * @param beforeFault between the end of the warm-up and a fault
 * @param withFault how long records count in a case with a fault
 * @param scale of what is counted by number and not by time
 */
record Times(
    Duration producerWarmup,
    Duration counted,
    Duration settling,
    Duration beforeFault,
    Duration withFault,
    double scale) {

  private static final Times FULL =
      new Times(
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(40),
          1);
  private static final Times QUICK =
      new Times(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(25),
          0.05);

  static Times of(Options options) {
    return options.isQuick() ? QUICK : FULL;
  }

  long scaled(long count) {
    return Math.max(1, (long) (count * scale));
  }

  /** A producer of which nothing is known runs so long, before it runs to be measured. */
  Duration sizing() {
    return producerWarmup.dividedBy(2);
  }
}

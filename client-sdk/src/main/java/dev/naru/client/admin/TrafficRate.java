package dev.naru.client.admin;

/** How much producers send in a second: bytes of batches as they are sent, and records. */
public record TrafficRate(double bytesPerSecond, double recordsPerSecond) {

  /** Nothing. */
  static final TrafficRate ZERO = new TrafficRate(0, 0);

  TrafficRate plus(TrafficRate other) {
    return new TrafficRate(
        bytesPerSecond + other.bytesPerSecond, recordsPerSecond + other.recordsPerSecond);
  }
}

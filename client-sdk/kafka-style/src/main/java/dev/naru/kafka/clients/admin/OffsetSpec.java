package dev.naru.kafka.clients.admin;

import dev.naru.client.Position;
import java.time.Instant;

/** Which offset of a partition to find. */
public class OffsetSpec {

  private final Position position;

  private OffsetSpec(Position position) {
    this.position = position;
  }

  /** The first record that is kept. */
  public static OffsetSpec earliest() {
    return new OffsetSpec(Position.beginning());
  }

  /** After every record that can be read now. */
  public static OffsetSpec latest() {
    return new OffsetSpec(Position.end());
  }

  /** The first record at or after this time, in milliseconds of the epoch. */
  public static OffsetSpec forTimestamp(long timestamp) {
    return new OffsetSpec(Position.time(Instant.ofEpochMilli(timestamp)));
  }

  /** The same by Naru's name. */
  Position toNaru() {
    return position;
  }
}

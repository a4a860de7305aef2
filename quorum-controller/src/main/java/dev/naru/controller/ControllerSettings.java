package dev.naru.controller;

import dev.naru.types.Setting;
import java.time.Duration;

/** When the active controller takes a node for gone. */
public record ControllerSettings(
    @Setting(
            key = "node.liveness.timeout.ms",
            takes = "at least twice node.heartbeat.interval.ms",
            doc =
                "A node that is silent for this long is fenced: it leads nothing and is in no ISR.")
        Duration livenessTimeout,
    @Setting(
            key = "node.heartbeat.interval.ms",
            takes = "at least 10",
            doc = "How often a node shows the active controller that it lives.")
        Duration heartbeatInterval) {

  /** What an operator gets who sets nothing. */
  public static final ControllerSettings DEFAULTS =
      new ControllerSettings(Duration.ofSeconds(6), Duration.ofSeconds(1));

  /** Refuses a timeout that a single late heartbeat would exceed. */
  public ControllerSettings {
    if (heartbeatInterval.toMillis() < 10
        || livenessTimeout.compareTo(heartbeatInterval.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "Expected 10 <= node.heartbeat.interval.ms <= node.liveness.timeout.ms / 2, but was "
              + heartbeatInterval.toMillis()
              + " and "
              + livenessTimeout.toMillis());
    }
  }
}

package dev.naru.broker.config;

import dev.naru.types.Setting;

/** A node's four listeners. */
public record ListenersConfig(
    @Setting(key = "listeners.client", doc = "For clients.") ListenerConfig client,
    @Setting(key = "listeners.internal", doc = "For the other nodes of the cluster.")
        ListenerConfig internal,
    @Setting(key = "listeners.raft", doc = "For the metadata quorum.") ListenerConfig raft,
    @Setting(key = "listeners.http", doc = "For health checks and metrics.") ListenerConfig http) {

  /** Loopback, with the ports people know. */
  public static final ListenersConfig DEFAULTS =
      new ListenersConfig(
          ListenerConfig.onLoopback(9410),
          ListenerConfig.onLoopback(9411),
          ListenerConfig.onLoopback(9412),
          ListenerConfig.onLoopback(9480));
}

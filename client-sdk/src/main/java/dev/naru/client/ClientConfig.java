package dev.naru.client;

import dev.naru.types.HostPort;
import dev.naru.types.Setting;
import java.time.Duration;
import java.util.List;

/** Settings of a client as a whole: where the cluster is and how it is asked. */
public record ClientConfig(
    @Setting(
            key = "bootstrap.servers",
            doc = "First contacts, host:port separated by commas; one that answers is enough.")
        List<HostPort> bootstrapServers,
    @Setting(key = "client.id", doc = "A name of the application for the cluster's logs.")
        String clientId,
    @Setting(
            key = "security.protocol",
            doc = "PLAINTEXT; must be written out when an address is not loopback.")
        Security security,
    @Setting(
            key = "request.timeout.ms",
            doc = "How long one request may take before it is tried again.")
        Duration requestTimeout,
    @Setting(key = "retry.backoff.ms", doc = "Wait before the first retry; doubles with each.")
        Duration retryBackoff,
    @Setting(key = "retry.backoff.max.ms", doc = "Longest wait before a retry.")
        Duration retryBackoffMax,
    @Setting(key = "metadata.max.age.ms", doc = "Age at which metadata is refreshed.")
        Duration metadataMaxAge,
    @Setting(
            key = "metadata.max.idle.ms",
            doc = "Time after which a topic that nobody uses leaves the cache.")
        Duration metadataMaxIdle,
    @Setting(
            key = "connection.inflight.bytes",
            doc = "Most bytes of unanswered batches on the way to one node.")
        long connectionInflightBytes) {

  private static final int CLIENT_ID_LENGTH_MAX = 255;

  /** What holds unless it is set. There is no default for the addresses: the list is empty. */
  public static final ClientConfig DEFAULTS =
      new ClientConfig(
          List.of(),
          "",
          Security.UNSET,
          Duration.ofSeconds(30),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          32L << 20);

  /** Refuses values outside their bounds. */
  public ClientConfig {
    Settings.require(
        clientId.length() <= CLIENT_ID_LENGTH_MAX
            && clientId.chars().noneMatch(Character::isISOControl),
        "client.id",
        "at most " + CLIENT_ID_LENGTH_MAX + " characters without control characters",
        clientId);
    requestTimeout =
        Settings.requireMillis("request.timeout.ms", requestTimeout, 1, Integer.MAX_VALUE);
    retryBackoff = Settings.requireMillis("retry.backoff.ms", retryBackoff, 1, Integer.MAX_VALUE);
    retryBackoffMax =
        Settings.requireMillis(
            "retry.backoff.max.ms", retryBackoffMax, retryBackoff.toMillis(), Integer.MAX_VALUE);
    metadataMaxAge =
        Settings.requireMillis("metadata.max.age.ms", metadataMaxAge, 0, Long.MAX_VALUE);
    metadataMaxIdle =
        Settings.requireMillis("metadata.max.idle.ms", metadataMaxIdle, 5000, Long.MAX_VALUE);
    Settings.requireAtLeast("connection.inflight.bytes", connectionInflightBytes, 1);
    bootstrapServers = List.copyOf(bootstrapServers);
  }

  /** How connections are protected: {@code security.protocol}. */
  public enum Security {
    /** Not set: plaintext, if every address is loopback. */
    UNSET,
    /** Written out. */
    PLAINTEXT
  }
}

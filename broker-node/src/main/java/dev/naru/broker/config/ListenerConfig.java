package dev.naru.broker.config;

import dev.naru.types.HostPort;
import dev.naru.types.Setting;
import java.util.Optional;

/** One listener. */
public record ListenerConfig(
    @Setting(key = "bind", doc = "The address to listen on; port 0 takes any free one.")
        HostPort bind,
    @Setting(
            key = "advertised",
            absent = "the bound one",
            doc = "What others are told to connect to; the bound one if absent.")
        Optional<HostPort> advertised,
    @Setting(
            key = "security",
            absent = "plaintext on loopback, else must be set",
            doc = "plaintext, tls or mtls; plaintext is assumed on loopback only.")
        Optional<ListenerSecurity> security) {

  static ListenerConfig onLoopback(int port) {
    return new ListenerConfig(new HostPort("127.0.0.1", port), Optional.empty(), Optional.empty());
  }

  /** What to tell others once the listener is bound to this port. */
  public HostPort advertised(int boundPort) {
    var told = advertised.orElse(bind);
    return told.port() == 0 ? new HostPort(told.host(), boundPort) : told;
  }
}

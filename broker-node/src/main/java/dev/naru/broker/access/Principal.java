package dev.naru.broker.access;

/**
 * Who is at the other end of a connection. Decided once per connection, when it is accepted; what
 * the principal may do is decided per request.
 *
 * @param name the identity that was proved, or {@code anonymous}
 * @param peer the address it calls from, for logs and limits
 * @param listener the listener it came through
 */
public record Principal(String name, String peer, Listener listener) {

  /** The listeners that take calls. */
  public enum Listener {
    /** For clients. */
    CLIENT,
    /** For nodes of this cluster. */
    INTERNAL
  }

  /** A caller that proved nothing, on a plaintext listener. */
  public static Principal anonymous(String peer, Listener listener) {
    return new Principal("anonymous", peer, listener);
  }

  @Override
  public String toString() {
    return name + "@" + peer;
  }
}

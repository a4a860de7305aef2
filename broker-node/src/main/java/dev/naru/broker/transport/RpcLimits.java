package dev.naru.broker.transport;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.time.Duration;

/**
 * Bounds of every listener and channel. The figures are the ones that were measured for two cores;
 * each says what it protects.
 */
final class RpcLimits {

  private RpcLimits() {}

  /**
   * Fixed, so that no probing pings are sent: below 1 MiB throughput falls, above it nothing is
   * gained.
   */
  static final int WINDOW_BYTES = 4 << 20;

  /** What a message may carry besides the largest batch: the fields around it. */
  static final int MESSAGE_OVERHEAD_BYTES = 64 << 10;

  /** What a connection is read into at a time: grows to this while it is filled. */
  private static final int RECEIVED_BYTES_MAX = 128 << 10;

  /** Names, tokens and trace context fit many times. */
  static final int HEADER_BYTES_MAX = 16 << 10;

  /** A client needs a handful; ten thousand idle ones would cost a node its memory. */
  static final int STREAMS_PER_CONNECTION_MAX = 128;

  /**
   * Clients and peers may ping this often; anything faster is a flood, and ends the connection.
   * Half of what gRPC's clients keep to, whatever they are told: those that ask whether the node is
   * there are never refused, however late or early a ping comes.
   */
  static final Duration PING_INTERVAL_MIN = Duration.ofSeconds(5);

  /** A client that is silent for this long is asked whether it is alive. */
  static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  /** And its connection closed when it does not answer. */
  static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(10);

  /** A node that calls wait for is asked sooner: the others cannot do without it. */
  static final Duration PEER_KEEP_ALIVE = Duration.ofSeconds(10);

  /** And is near. */
  static final Duration PEER_KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);

  /** Without a stream for this long a client's connection is closed. */
  static final Duration IDLE_MAX = Duration.ofMinutes(10);

  /** The preface of HTTP/2 must have come by then. */
  static final Duration HANDSHAKE_MAX = Duration.ofSeconds(5);

  /** A new one for each listener and channel: it is asked for a guess by every connection. */
  static RecvByteBufAllocator receiveBuffers() {
    return new AdaptiveRecvByteBufAllocator(1 << 10, 8 << 10, RECEIVED_BYTES_MAX);
  }
}

package dev.naru.controller;

import java.util.concurrent.CompletableFuture;

/**
 * One heartbeat stream of one node, as the service that holds it reports it; safe for any thread.
 */
public interface HeartbeatStream {

  /** A sign of life came. */
  CompletableFuture<HeartbeatReply> heartbeat(NodeHeartbeat heartbeat);

  /** The stream ended, however it did. */
  void broken();
}

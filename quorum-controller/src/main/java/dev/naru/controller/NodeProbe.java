package dev.naru.controller;

import dev.naru.types.HostPort;
import java.util.concurrent.CompletableFuture;

/** Tells a process that is gone from one that is slow or cut off. */
@FunctionalInterface
public interface NodeProbe {

  /**
   * Tries to connect to a node's internal listener: true only if the connection was actively
   * refused. No answer in a bounded time, or any other fault, is false. Must not block.
   */
  CompletableFuture<Boolean> isRefused(HostPort internal);
}

package dev.naru.client.producer;

/**
 * Whether some node has so much of this client's unanswered that another batch would only wait
 * there, and is better filled here. One for all nodes, since records without a key go to all of
 * them in turn. Told by the loop, asked by any thread.
 */
final class Saturation {

  private volatile boolean isReached; // written by the loop, read for each record

  boolean isReached() {
    return isReached;
  }

  void set(boolean reached) {
    if (isReached != reached) { // unchanged it stays in every processor's cache
      isReached = reached;
    }
  }
}

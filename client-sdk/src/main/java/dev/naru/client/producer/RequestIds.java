package dev.naru.client.producer;

/**
 * Numbers of requests, of all nodes in one row: a lane goes from node to node, and a late answer of
 * one must not be taken for the answer of another. Owned by the loop.
 */
final class RequestIds {

  private long last;

  long next() {
    return ++last;
  }
}

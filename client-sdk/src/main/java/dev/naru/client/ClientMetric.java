package dev.naru.client;

import dev.naru.types.MetricId;

/** What a client counts. */
public enum ClientMetric implements MetricId {
  /** A gauge, of all open producers. */
  PRODUCER_BUFFER_AVAILABLE(
      "naru_producer_buffer_available_bytes",
      "bytes",
      "Free of buffer.memory. Near 0 for long: raise it, or look at the nodes."),
  /** A counter. */
  PRODUCER_BUFFER_EXHAUSTED(
      "naru_producer_buffer_exhausted_total",
      "sends",
      "Failed because buffer.memory stayed full for max.block.ms. Above 0: raise buffer.memory, or look at the nodes that the failures name."),
  /** A counter. */
  INTERCEPTOR_FAILURES(
      "naru_client_interceptor_failures_total",
      "calls",
      "In which an interceptor of the application threw; the record went on. Above 0: see the log's first one.");

  private final String id;
  private final String unit;
  private final String help;

  ClientMetric(String id, String unit, String help) {
    this.id = id;
    this.unit = unit;
    this.help = help;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public String help() {
    return help;
  }
}

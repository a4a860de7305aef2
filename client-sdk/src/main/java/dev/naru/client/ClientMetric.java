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
  PRODUCER_RECORDS(
      "naru_producer_records_total", "records", "Acknowledged, or handed over with acks=0."),
  /** A counter. */
  PRODUCER_RECORD_FAILURES(
      "naru_producer_record_failures_total",
      "records",
      "Taken and failed for good. Above 0: the callbacks say why."),
  /** A counter. */
  CONSUMER_RECORDS("naru_consumer_records_total", "records", "Returned by polls."),
  /** A gauge, of all open consumers, as of their last polls. */
  CONSUMER_LAG(
      "naru_consumer_lag_records",
      "records",
      "Behind the ends last seen, in sum. Growing: members are too slow, or too few."),
  /** A counter. */
  CONSUMER_REBALANCES(
      "naru_consumer_rebalances_total",
      "changes",
      "Of what members read. Above a few an hour: look at who leaves their groups and why."),
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

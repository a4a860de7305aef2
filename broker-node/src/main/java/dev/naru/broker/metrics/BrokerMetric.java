package dev.naru.broker.metrics;

import dev.naru.types.MetricId;

/** What a node counts about partitions and clients. */
public enum BrokerMetric implements MetricId {
  BYTES_IN(
      "naru_bytes_in_total",
      "bytes",
      "Batches taken from producers, by topic. A node that differs from its peers: look at it first."),
  BYTES_OUT("naru_bytes_out_total", "bytes", "Batches sent to consumers, by topic."),
  RECORDS_IN("naru_records_in_total", "records", "Records taken from producers, by topic."),
  ISR_SHRINKS(
      "naru_isr_shrinks_total",
      "shrinks",
      "In-sync replicas lost, by cause. Several at once from one leader: that leader is suspect."),
  ISR_EXPANDS("naru_isr_expands_total", "expands", "In-sync replicas that came back."),
  NODES_SUSPECTED(
      "naru_nodes_suspected",
      "nodes",
      "1 for a node that others lead for, because its own links or disk seem to be at fault. Above 0: page, and look at that node."),
  LEADER_ELECTIONS(
      "naru_leader_elections_total", "elections", "Times this node became leader of a partition."),
  PARTITIONS_LEADERS("naru_partitions_leaders", "partitions", "Led by this node."),
  PARTITIONS_OFFLINE(
      "naru_partitions_offline", "partitions", "Held here and without a leader. Above 0: page."),
  PARTITIONS_UNDER_MIN_ISR(
      "naru_partitions_under_min_isr",
      "partitions",
      "Led here and refusing acks=all: look at the in-sync replicas."),
  PARTITIONS_UNDER_REPLICATED(
      "naru_partitions_under_replicated",
      "partitions",
      "Led here with replicas out of sync. For more than 5 minutes: look at the followers."),
  REPLICAS_DAMAGED(
      "naru_replicas_damaged",
      "replicas",
      "Held here, damaged, and not in sync again yet. For more than minutes: read the log for CORRUPTION_FOUND."),
  DATA_LOSS(
      "naru_dataloss_records_total",
      "offsets",
      "Offsets declared lost, by topic, counted where the partition is led. Any rise: page, and read the log for DATA_LOSS_DECLARED."),
  METADATA_LAG(
      "naru_metadata_lag_seconds",
      "seconds",
      "Since this node's image was last known to be current. Rising: the controller is not reached."),
  ERRORS("naru_errors_total", "errors", "Requests refused, by API and error code."),
  EVENTS("naru_events_total", "events", "Events by code: the catalogue of events, counted.");

  private final String id;
  private final String unit;
  private final String help;

  BrokerMetric(String id, String unit, String help) {
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

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
  PARTITION_RATE(
      "naru_partition_rate_bytes",
      "bytes per second",
      "Taken from producers over a minute, of the 20 busiest partitions led here. One far above the others: naru topics describe --load."),
  PRODUCERS(
      "naru_producers",
      "producers",
      "Remembered by the partitions led here, each as often as it writes to one. Rising for days: producers are made and not closed."),
  PRODUCER_DUPLICATES(
      "naru_producer_duplicates_total",
      "batches",
      "Sent again and not stored again. Many: answers are late or lost; look at the network."),
  PRODUCER_SEQUENCE_REFUSALS(
      "naru_producer_sequence_refusals_total",
      "batches",
      "Refused for their sequence, by error code. Above 0 without a leader that lost records: a client's fault."),
  GROUP_LAG_RECORDS(
      "naru_group_lag_records",
      "records",
      "Kept and not processed, by group and topic, also of groups without members. Growing: add members, then partitions."),
  GROUP_LAG_SECONDS(
      "naru_group_lag_seconds",
      "seconds",
      "Age of the oldest record that is not processed, by group and topic. Growing: add members, then partitions."),
  GROUP_MEMBERS("naru_group_members", "members", "Of a group coordinated here, by state."),
  GROUP_REBALANCES(
      "naru_group_rebalances_total",
      "rebalances",
      "Times partitions went to other members, by group and cause. Many by left or revocation_timeout: processing may take longer than max.poll.interval.ms; the log says why members left."),
  COORDINATOR_FAILED(
      "naru_coordinator_failed",
      "partitions",
      "Groups whose log cannot be read, counted by its partitions. Above 0: page, and read the log for GROUP_LOG_UNREADABLE."),
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

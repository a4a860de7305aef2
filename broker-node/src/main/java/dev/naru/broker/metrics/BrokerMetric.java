package dev.naru.broker.metrics;

import dev.naru.types.MetricId;
import dev.naru.types.MetricType;
import java.util.List;

/** What a node counts about partitions and clients. */
public enum BrokerMetric implements MetricId {
  BYTES_IN(
      "naru_bytes_in_total",
      "bytes",
      "Batches taken from producers, by topic. A node that differs from its peers: look at it first.",
      "topic"),
  BYTES_OUT("naru_bytes_out_total", "bytes", "Batches sent to consumers, by topic.", "topic"),
  RECORDS_IN(
      "naru_records_in_total", "records", "Records taken from producers, by topic.", "topic"),
  FANOUT(
      "naru_fanout_ratio",
      "ratio",
      "Bytes sent to consumers to bytes taken from producers, over 5 minutes; no number while nothing comes in. 1.3 to 5 is healthy; below 1, consumers fall behind or nobody reads."),
  REQUEST(
      "naru_request_seconds",
      "seconds",
      "Where the time of a request goes. Of api produce, a batch each: append until it is in the leader's log, replicate until enough replicas have it on disk, send until the answer is with the connection. Of api fetch: queue until a thread reads, read from the files. Look at the phase that grew: append is this node's loops, replicate the followers and their disks, queue and read this disk.",
      "api",
      "phase"),
  COLD_READ(
      "naru_cold_read_bytes_total",
      "bytes",
      "Read for consumers more slowly than memory answers. Much of it while acks are slow: memory is short, or consumers read what is old."),
  PARTITION_RATE(
      "naru_partition_rate_bytes",
      "bytes per second",
      "Taken from producers over a minute, of the 20 busiest partitions led here. One far above the others: naru topics describe --load.",
      "topic",
      "partition"),
  PARTITION_SIZE(
      "naru_partition_size_bytes",
      "bytes",
      "Of the 20 largest partitions held here, as of the last minute. One far above the others of its topic: look at its keys, or cut its retention.",
      "topic",
      "partition"),
  REPLICA_LAG_RECORDS(
      "naru_replica_lag_records",
      "records",
      "How far a follower is behind the leaders on this node, in the partition where it is worst. Growing: look at the follower's disk and links.",
      "follower"),
  REPLICA_LAG_SECONDS(
      "naru_replica_lag_seconds",
      "seconds",
      "For how long a follower has been behind the leaders on this node, in the partition where it is worst; counted up to replica.lag.time.max.ms, from where on it is out of sync.",
      "follower"),
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
      "Refused for their sequence, by error code. Above 0 without a leader that lost records: a client's fault.",
      "code"),
  GROUP_LAG_RECORDS(
      "naru_group_lag_records",
      "records",
      "Kept and not processed, by group and topic, also of groups without members. Growing: add members, then partitions.",
      "group",
      "topic"),
  GROUP_LAG_SECONDS(
      "naru_group_lag_seconds",
      "seconds",
      "Age of the oldest record that is not processed, by group and topic. Growing: add members, then partitions.",
      "group",
      "topic"),
  GROUP_MEMBERS(
      "naru_group_members", "members", "Of a group coordinated here, by state.", "group", "state"),
  GROUP_REBALANCES(
      "naru_group_rebalances_total",
      "rebalances",
      "Times partitions went to other members, by group and cause. Many by left or revocation_timeout: processing may take longer than max.poll.interval.ms; the log says why members left.",
      "group",
      "cause"),
  COORDINATOR_FAILED(
      "naru_coordinator_failed",
      "partitions",
      "Groups whose log cannot be read, counted by its partitions. Above 0: page, and read the log for GROUP_LOG_UNREADABLE."),
  ISR_SHRINKS(
      "naru_isr_shrinks_total",
      "shrinks",
      "In-sync replicas lost, by cause. Several at once from one leader: that leader is suspect.",
      "cause"),
  ISR_EXPANDS("naru_isr_expands_total", "expands", "In-sync replicas that came back."),
  NODES_SUSPECTED(
      "naru_nodes_suspected",
      "nodes",
      "1 for a node that others lead for, because its own links or disk seem to be at fault. Above 0: page, and look at that node.",
      "suspect"),
  LEADER_ELECTIONS(
      "naru_leader_elections_total",
      "elections",
      "Times this node became leader of a partition, by type: clean, or unclean when records were given up for it. Any unclean: read the log for DATA_LOSS_DECLARED, then naru salvage list.",
      "type"),
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
      "Offsets declared lost, by topic, counted where the partition is led. Any rise: page, and read the log for DATA_LOSS_DECLARED.",
      "topic"),
  METADATA_LAG(
      "naru_metadata_lag_seconds",
      "seconds",
      "Since this node's image was last known to be current. Rising: the controller is not reached."),
  RECOVERY_REMAINING(
      "naru_recovery_remaining_logs",
      "logs",
      "Still to be recovered before the node is ready. Not falling for minutes: read the node's log, then look at the disk."),
  WALL_CLOCK(
      "naru_wall_clock_seconds",
      "seconds",
      "Since 1970 by this node's clock. Half a second away from others: repair its time service, or records get wrong times."),
  HOST_MEMORY_AVAILABLE(
      "naru_host_memory_available_bytes",
      "bytes",
      "Of this host, for the page cache and new processes, as Linux says. Less than what comes in within half a minute: consumers that keep up read from the disk."),
  ERRORS("naru_errors_total", "errors", "Requests refused, by API and error code.", "api", "code"),
  EVENTS(
      "naru_events_total", "events", "Events by code: the catalogue of events, counted.", "code");

  private final String id;
  private final String unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  BrokerMetric(String id, String unit, String help, String... labels) {
    this.id = id;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
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

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public MetricType type() {
    return this == REQUEST ? MetricType.HISTOGRAM : MetricId.super.type();
  }
}

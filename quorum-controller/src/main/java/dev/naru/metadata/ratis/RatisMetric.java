package dev.naru.metadata.ratis;

import dev.naru.types.MetricId;
import dev.naru.types.MetricType;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is kept of the several hundred numbers that Ratis counts, by the registry and name it gives
 * them. Those that carry a peer's id in their name are left out: their number grows with the
 * cluster.
 */
public enum RatisMetric implements MetricId {
  SYNC(
      "log_worker.syncTime",
      "naru_raft_sync_seconds",
      "seconds",
      "Forcing the metadata log to disk. Slow here means slow topics, fencing and elections: look at metadata.dir."),
  QUEUEING(
      "log_worker.queueingDelay",
      "naru_raft_queue_seconds",
      "seconds",
      "Entries waiting for the log's writer. More than the sync time: the disk cannot follow."),
  ELECTIONS(
      "leader_election.electionCount",
      "naru_raft_elections_total",
      "elections",
      "Elections this voter asked for. More than a few a day: pauses or a network that loses packets."),
  ELECTION_TIMEOUTS(
      "leader_election.timeoutCount",
      "naru_raft_election_timeouts_total",
      "elections",
      "Elections without a majority in time: other voters are down or cut off."),
  SNAPSHOT(
      "state_machine.takeSnapshot",
      "naru_raft_snapshot_seconds",
      "seconds",
      "Writing the image. Nothing is applied meanwhile."),
  SNAPSHOTS_INSTALLED(
      "server.numInstallSnapshot",
      "naru_raft_snapshots_installed_total",
      "snapshots",
      "Snapshots taken over from the controller: this node was away for longer than the log is kept."),
  REQUESTS_PENDING(
      "server.numPendingRequestInQueue",
      "naru_raft_requests_pending",
      "commands",
      "Commands of the active controller that wait for a majority.");

  private final String ratisName;
  private final String id;
  private final String unit;
  private final String help;

  RatisMetric(String ratisName, String id, String unit, String help) {
    this.ratisName = ratisName;
    this.id = id;
    this.unit = unit;
    this.help = help;
  }

  static Optional<RatisMetric> of(String component, String name) {
    String full = component + "." + name;
    return Stream.of(values()).filter(metric -> metric.ratisName.equals(full)).findFirst();
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
  public MetricType type() {
    return switch (this) {
      case SYNC, QUEUEING, SNAPSHOT -> MetricType.SUMMARY;
      case ELECTIONS, ELECTION_TIMEOUTS, SNAPSHOTS_INSTALLED -> MetricType.COUNTER;
      case REQUESTS_PENDING -> MetricType.GAUGE;
    };
  }
}

package dev.naru.cli.doctor;

import dev.naru.client.admin.NodeDescription.State;
import java.util.List;
import java.util.stream.Stream;

/** Who is in the cluster, and how. */
final class MembersChecks {

  private static final int NODES_MIN = 3;

  private MembersChecks() {}

  static List<Finding> quorum(ClusterFacts facts) {
    return Doctor.orOk(
        Check.QUORUM_LOST,
        facts.cluster().controller().isPresent()
            ? Stream.empty()
            : Stream.of(
                new Finding(
                    Check.QUORUM_LOST,
                    Severity.ERROR,
                    Finding.CLUSTER,
                    "the node that answered knows no active controller; voters: "
                        + facts.cluster().voters())),
        "there is an active controller");
  }

  static List<Finding> voters(ClusterFacts facts) {
    int voters = facts.cluster().voters().size();
    return warnIf(
        voters < NODES_MIN,
        Check.SINGLE_VOTER,
        "%d of %d nodes vote: with one of them gone, nothing can change"
            .formatted(voters, facts.nodes().size()),
        voters + " nodes vote");
  }

  static List<Finding> count(ClusterFacts facts) {
    int nodes = facts.nodes().size();
    return warnIf(
        nodes < NODES_MIN,
        Check.FEWER_THAN_3_NODES,
        "there are %d nodes: records cannot have three copies".formatted(nodes),
        nodes + " nodes");
  }

  static List<Finding> bootstrap(ClusterFacts facts) {
    return warnIf(
        facts.bootstrapServers() == 1 && facts.nodes().size() > 1,
        Check.ONE_BOOTSTRAP_SERVER,
        "one node is asked first; with it down, this client does not find the others",
        facts.bootstrapServers() + " nodes are asked first");
  }

  static List<Finding> serving(ClusterFacts facts) {
    return Doctor.orOk(
        Check.NODE_NOT_SERVING,
        facts.nodes().stream()
            .filter(each -> each.node().state() != State.RUNNING)
            .map(each ->
                new Finding(
                    Check.NODE_NOT_SERVING,
                    isPassing(each.node().state()) ? Severity.WARN : Severity.ERROR,
                    each.name(),
                    "is " + each.node().state())),
        "all nodes serve");
  }

  private static boolean isPassing(State state) {
    return switch (state) {
      case RUNNING, STARTING, DRAINING, DRAINED -> true;
      case FENCED, SUSPECTED -> false;
    };
  }

  static List<Finding> metrics(ClusterFacts facts) {
    return Doctor.orOk(
        Check.METRICS_NOT_REACHED,
        facts.nodes().stream()
            .filter(each -> each.metrics().isEmpty() && each.node().state() == State.RUNNING)
            .map(each ->
                new Finding(
                    Check.METRICS_NOT_REACHED,
                    Severity.WARN,
                    each.name(),
                    "disk, memory, clock and load were not looked at: " + each.whyNoMetrics())),
        "every node that serves shows its metrics");
  }

  private static List<Finding> warnIf(boolean isFault, Check check, String fault, String ok) {
    return isFault
        ? List.of(new Finding(check, Severity.WARN, Finding.CLUSTER, fault))
        : List.of(Finding.ok(check, ok));
  }
}
